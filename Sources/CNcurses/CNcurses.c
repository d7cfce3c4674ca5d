#define _GNU_SOURCE 1
#include "CNcurses.h"

#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

static bool is_utf8(void) { return strcmp(nl_langinfo(CODESET), "UTF-8") == 0; }

static bool is_set(const char *name) {
    const char *value = getenv(name);
    return value != NULL && *value != 0;
}

bool cn_use_locale(void) {
    // Only character types: numbers keep the C locale's point.
    setlocale(LC_CTYPE, "");
    if (!is_utf8() && !is_set("LC_ALL") && !is_set("LC_CTYPE") && !is_set("LANG")) setlocale(LC_CTYPE, "C.UTF-8");
    return is_utf8();
}

bool cn_open_pipe(int ends[2]) { return pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0; }

bool cn_window_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return false;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return true;
}

void cn_put(WINDOW *window, int row, int column, const wchar_t *letters, int columns, attr_t attributes, int pair) {
    cchar_t cell;
    int width = wcwidth(letters[0]);
    if (width < 1 || width > columns) {
        letters = L"?";
        width = 1;
    }
    // The pair goes through the last argument: it may not fit into a short.
    setcchar(&cell, letters, attributes, 0, &pair);
    mvwadd_wchnstr(window, row, column, &cell, 1);
    for (; width < columns; width++) {
        setcchar(&cell, L" ", attributes, 0, &pair);
        mvwadd_wchnstr(window, row, column + width, &cell, 1);
    }
}
