#pragma once

#include <sys/types.h>

// Starts a program in a folder, its standard streams three files, with nothing else open that is open here. Returns 0
// and sets the process's id, or an error number.
int ct_spawn(pid_t *process, const char *folder, char *const words[], char *const environment[],
             const char *const files[3]);
