#ifndef CNCURSES_H
#define CNCURSES_H

// The wide-character interface has to be asked for before the first include.
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#include <ncurses.h>

#include "TerminalGuard.h"

// Swift sees neither global variables that may change nor macros with arguments nor variadic functions.

static inline WINDOW *cn_stdscr(void) { return stdscr; }
static inline WINDOW *cn_curscr(void) { return curscr; }
static inline int cn_colors(void) { return COLORS; }
static inline int cn_color_pairs(void) { return COLOR_PAIRS; }
static inline int cn_function_key(int number) { return KEY_F(number); }

static inline attr_t cn_attributes(bool bold, bool dim, bool underline, bool reverse) {
    return (bold ? A_BOLD : 0) | (dim ? A_DIM : 0) | (underline ? A_UNDERLINE : 0) | (reverse ? A_REVERSE : 0);
}

/// A string capability of the current terminal; NULL where it has none.
static inline const char *cn_capability(const char *name) {
    const char *value = tigetstr(name);
    return value == (const char *)-1 ? NULL : value;
}

/// Takes character types from the environment's locale, from C.UTF-8 where the environment names none.
/// Returns whether they are UTF-8.
bool cn_use_locale(void);

/// How many colours terminfo says that a type of terminal has, 0 where it has none; -1 where the type is unknown here.
int cn_colors_of(const char *type);

/// Opens a pipe whose ends never block and are not inherited by other programs.
bool cn_open_pipe(int ends[2]);

/// Reads the size of a terminal; returns false and leaves both alone where it has none.
bool cn_window_size(int descriptor, int *columns, int *rows);

/// Puts one grapheme (a letter and the marks on it, ended by 0) into its columns of a window.
/// A letter that the locale does not have or that is wider than its columns becomes a question mark.
void cn_put(WINDOW *window, int row, int column, const wchar_t *letters, int columns, attr_t attributes, int pair);

#endif
