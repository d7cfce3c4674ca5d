#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE 1
#include "TerminalGuard.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static const int reported[] = {SIGWINCH, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};
static const int crashes[] = {SIGSEGV, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGABRT};
enum { reported_count = sizeof reported / sizeof *reported, crash_count = sizeof crashes / sizeof *crashes };

static struct sigaction reported_before[reported_count];
static struct sigaction crashes_before[crash_count];

static struct termios modes;
static char reset_text[256];
static size_t reset_length;
static volatile int terminal_descriptor = -1;
static volatile int signal_descriptor = -1;
static int is_active;

// A stack overflow leaves no room for a handler on the stack that overflowed.
static char handler_stack[64 * 1024];
static stack_t stack_before;

static void report(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    // A full pipe already says enough.
    (void)!write(signal_descriptor, &byte, 1);
    errno = saved;
}

/// Only async-signal-safe calls.
static void restore_terminal(void) {
    if (!__atomic_exchange_n(&is_active, 0, __ATOMIC_SEQ_CST)) return;
    size_t written = 0;
    while (written < reset_length) {
        ssize_t count = write(terminal_descriptor, reset_text + written, reset_length - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) break;
        written += (size_t)count;
    }
    tcsetattr(terminal_descriptor, TCSANOW, &modes);
}

static void crash(int number) {
    restore_terminal();
    for (int i = 0; i < crash_count; i++) {
        if (crashes[i] == number) sigaction(number, &crashes_before[i], NULL);
    }
    raise(number);
}

bool cn_guard_remember(int terminal) {
    if (tcgetattr(terminal, &modes) != 0) return false;
    terminal_descriptor = terminal;
    return true;
}

void cn_guard_start(int signals, const char *reset, size_t length) {
    static bool restores_at_exit = false;
    reset_length = length < sizeof reset_text ? length : sizeof reset_text;
    memcpy(reset_text, reset, reset_length);
    signal_descriptor = signals;

    stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof handler_stack};
    sigaltstack(&stack, &stack_before);
    cn_guard_set_active(true);

    struct sigaction action;
    memset(&action, 0, sizeof action);
    sigemptyset(&action.sa_mask);
    action.sa_handler = report;
    action.sa_flags = SA_RESTART;
    for (int i = 0; i < reported_count; i++) {
        sigaction(reported[i], &action, &reported_before[i]);
        // nohup asked for it.
        if (reported[i] == SIGHUP && reported_before[i].sa_handler == SIG_IGN) sigaction(SIGHUP, &reported_before[i], NULL);
    }
    action.sa_handler = crash;
    action.sa_flags = SA_ONSTACK;
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &action, &crashes_before[i]);

    if (!restores_at_exit) atexit(restore_terminal);
    restores_at_exit = true;
}

void cn_guard_set_active(bool active) { __atomic_store_n(&is_active, active, __ATOMIC_SEQ_CST); }

void cn_guard_stop_process(void) {
    // Continuing must not be reported: the caller knows when this returns.
    static const int passed[] = {SIGTSTP, SIGCONT};
    struct sigaction plain, before[2];
    memset(&plain, 0, sizeof plain);
    sigemptyset(&plain.sa_mask);
    plain.sa_handler = SIG_DFL;
    for (int i = 0; i < 2; i++) sigaction(passed[i], &plain, &before[i]);
    // Threads of a pool block it, and then nothing would stop.
    sigset_t stop, mask;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
    raise(SIGTSTP);
    pthread_sigmask(SIG_SETMASK, &mask, NULL);
    for (int i = 0; i < 2; i++) sigaction(passed[i], &before[i], NULL);
}

void cn_guard_end(void) {
    cn_guard_set_active(false);
    for (int i = 0; i < reported_count; i++) sigaction(reported[i], &reported_before[i], NULL);
    for (int i = 0; i < crash_count; i++) sigaction(crashes[i], &crashes_before[i], NULL);
    sigaltstack(&stack_before, NULL);
    tcsetattr(terminal_descriptor, TCSANOW, &modes);
    terminal_descriptor = -1;
    signal_descriptor = -1;
}
