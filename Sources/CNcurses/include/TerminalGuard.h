#ifndef TERMINAL_GUARD_H
#define TERMINAL_GUARD_H

#include <stdbool.h>
#include <stddef.h>

// Signals arrive as bytes in a pipe, and whatever ends the program puts its terminal back first.
// One terminal per process; all functions belong to the thread that owns the screen.

/// Remembers the modes of a terminal before anything changes them. Returns false where it is none.
bool cn_guard_remember(int terminal);

/// From now on SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP and SIGCONT are written, a byte each, to
/// `signals` (non-blocking), and crashes, abort and exit write `reset` to the terminal and restore its modes.
void cn_guard_start(int signals, const char *reset, size_t length);

/// Whether the terminal is the program's at the moment: false while it is lent to the shell.
void cn_guard_set_active(bool active);

/// Stops the process as Ctrl-Z does; returns when it is continued.
void cn_guard_stop_process(void);

/// Puts the remembered modes and the former signal handlers back.
void cn_guard_end(void);

#endif
