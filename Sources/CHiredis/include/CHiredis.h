// hiredis for Swift, which cannot call functions with variable arguments.
#pragma once

#if __has_include(<hiredis/hiredis.h>)
#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <sys/eventfd.h>

/// What wakes a thread that waits in poll(2); -1 where there is none to be had.
static inline int ch_bell(void) { return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }
static inline void ch_ring(int bell) { eventfd_write(bell, 1); }
static inline void ch_silence(int bell) {
    eventfd_t count;
    eventfd_read(bell, &count);
}

/// The most elements that an array of a reply may have.
enum { CH_MOST_ELEMENTS = 1 << 20 };

static inline redisContext *ch_connect(const char *host, int port, int milliseconds) {
    struct timeval limit = {milliseconds / 1000, (milliseconds % 1000) * 1000};
    redisContext *context = redisConnectWithTimeout(host, port, limit);
    if (context && !context->err) redisSetTimeout(context, limit);
    return context;
}

static inline const char *ch_error(const redisContext *context) { return context->errstr; }

/// From now on reading and writing never wait.
static inline int ch_stop_blocking(redisContext *context) {
    int flags = fcntl(context->fd, F_GETFL);
    if (flags < 0 || fcntl(context->fd, F_SETFL, flags | O_NONBLOCK) < 0) return -1;
    context->flags &= ~REDIS_BLOCK;
    return 0;
}

/// How many bytes have been read and belong to no whole reply yet.
static inline size_t ch_unread(const redisContext *context) { return context->reader->len - context->reader->pos; }

/// From now on a reply with a larger array is an error, before anything is allocated for it.
void ch_bound_arrays(redisContext *context);
#endif
