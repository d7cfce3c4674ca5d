#include "CCurl.h"

#include <dlfcn.h>
#include <pthread.h>

// Every function of libcurl that is used, as a pointer of its own type.
#define QF_CURL_FUNCTIONS(F) \
    F(global_init) F(getdate) F(slist_append) F(slist_free_all) \
    F(easy_init) F(easy_cleanup) F(easy_pause) F(easy_setopt) F(easy_getinfo) \
    F(multi_init) F(multi_cleanup) F(multi_add_handle) F(multi_remove_handle) F(multi_perform) F(multi_poll) \
    F(multi_wakeup) F(multi_info_read)

static struct {
#define F(name) __typeof__(curl_##name) *name;
    QF_CURL_FUNCTIONS(F)
#undef F
} curl;

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool is_loaded = false;

static void load(void) {
    void *library = dlopen("libcurl.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) library = dlopen("libcurl-gnutls.so.4", RTLD_LAZY | RTLD_LOCAL);
    if (!library) return;
#define F(name) if (!(curl.name = (__typeof__(curl.name))dlsym(library, "curl_" #name))) return;
    QF_CURL_FUNCTIONS(F)
#undef F
    is_loaded = curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

bool qf_curl_load(void) {
    pthread_once(&once, load);
    return is_loaded;
}

void *qf_curl_easy_init(void) { return curl.easy_init(); }
void qf_curl_easy_cleanup(void *handle) { curl.easy_cleanup(handle); }
CURLcode qf_curl_easy_pause(void *handle, int bits) { return curl.easy_pause(handle, bits); }

struct curl_slist *qf_curl_slist_append(struct curl_slist *list, const char *line) {
    return curl.slist_append(list, line);
}

void qf_curl_slist_free_all(struct curl_slist *list) { curl.slist_free_all(list); }
void *qf_curl_multi_init(void) { return curl.multi_init(); }
void qf_curl_multi_cleanup(void *multi) { curl.multi_cleanup(multi); }
void qf_curl_multi_add_handle(void *multi, void *handle) { curl.multi_add_handle(multi, handle); }
void qf_curl_multi_remove_handle(void *multi, void *handle) { curl.multi_remove_handle(multi, handle); }

void qf_curl_multi_perform(void *multi) {
    int running = 0;
    curl.multi_perform(multi, &running);
}

void qf_curl_multi_poll(void *multi, int milliseconds) { curl.multi_poll(multi, NULL, 0, milliseconds, NULL); }
void qf_curl_multi_wakeup(void *multi) { curl.multi_wakeup(multi); }
time_t qf_curl_getdate(const char *text) { return qf_curl_load() ? curl.getdate(text, NULL) : -1; }

CURLcode qf_curl_set_text(void *handle, CURLoption option, const char *value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode qf_curl_set_number(void *handle, CURLoption option, long value) {
    return curl.easy_setopt(handle, option, value);
}

CURLcode qf_curl_set_headers(void *handle, struct curl_slist *headers) {
    return curl.easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

CURLcode qf_curl_set_body(void *handle, const void *bytes, size_t count) {
    CURLcode code = curl.easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)count);
    return code != CURLE_OK ? code : curl.easy_setopt(handle, CURLOPT_COPYPOSTFIELDS, bytes);
}

CURLcode qf_curl_set_receivers(void *handle, qf_curl_take header, qf_curl_take body, void *context) {
    curl.easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
    curl.easy_setopt(handle, CURLOPT_HEADERDATA, context);
    curl.easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
    return curl.easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

long qf_curl_number(void *handle, CURLINFO info) {
    long value = 0;
    curl.easy_getinfo(handle, info, &value);
    return value;
}

void *qf_curl_next_ended(void *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message = NULL;
    while ((message = curl.multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return NULL;
}
