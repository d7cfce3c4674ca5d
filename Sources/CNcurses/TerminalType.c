#include "CNcurses.h"

// Its macros take names that other files use.
#include <term.h>
#include <unistd.h>

int cn_colors_of(const char *type) {
    int error = 0;
    if (setupterm(type, STDOUT_FILENO, &error) != OK) return -1;
    int colors = tigetnum("colors");
    del_curterm(cur_term);
    return colors > 0 ? colors : 0;
}
