#include "CHiredis.h"

#if __has_include(<hiredis/hiredis.h>)
#include <pthread.h>

static redisReplyObjectFunctions usual, bounded;

static void *create_bounded_array(const redisReadTask *task, int elements) {
    return elements > CH_MOST_ELEMENTS ? NULL : usual.createArray(task, elements);
}

static void make_bounded(void) {
    redisReader *reader = redisReaderCreate();
    if (!reader) return;
    usual = bounded = *reader->fn;
    bounded.createArray = create_bounded_array;
    redisReaderFree(reader);
}

void ch_bound_arrays(redisContext *context) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_bounded);
    if (usual.createArray) context->reader->fn = &bounded;
}
#endif
