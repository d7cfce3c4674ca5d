#pragma once

#include <stdbool.h>
#include <sys/types.h>
#include <wchar.h>

// Starts a program in a folder, its standard streams three files, with nothing else open that is open here. Returns 0
// and sets the process's id, or an error number. In a session of its own a terminal among the files becomes its terminal.
int ct_spawn(pid_t *process, const char *folder, char *const words[], char *const environment[],
             const char *const files[3], bool is_session);

// The columns that a letter takes in the C library's view: 0 for a mark, -1 for what is no letter.
int ct_columns(wchar_t letter);
