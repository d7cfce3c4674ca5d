// What the C library has and Swift's view of it leaves out.
#pragma once

// Writes everything of the file system that holds an open file to the disk.
int syncfs(int descriptor);
