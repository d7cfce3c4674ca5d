// libcurl for Swift, which cannot call functions with variable arguments. The library is loaded when it is used first: it
// brings thirty others, which take longer to load than the dashboard takes to open.
#pragma once

#include <curl/curl.h>
#include <stdbool.h>

typedef size_t (*qf_curl_take)(char *bytes, size_t size, size_t count, void *context);

// Loads libcurl and prepares it; false where it is not there or cannot be used. Nothing else of this may be called then.
bool qf_curl_load(void);

// libcurl's own functions of these names.
void *qf_curl_easy_init(void);
void qf_curl_easy_cleanup(void *handle);
CURLcode qf_curl_easy_pause(void *handle, int bits);
struct curl_slist *qf_curl_slist_append(struct curl_slist *list, const char *line);
void qf_curl_slist_free_all(struct curl_slist *list);
void *qf_curl_multi_init(void);
void qf_curl_multi_cleanup(void *multi);
void qf_curl_multi_add_handle(void *multi, void *handle);
void qf_curl_multi_remove_handle(void *multi, void *handle);
void qf_curl_multi_perform(void *multi);
void qf_curl_multi_poll(void *multi, int milliseconds);
void qf_curl_multi_wakeup(void *multi);

// Reads a date of HTTP, in seconds since 1970; -1 for what is none. Needs no loading before.
time_t qf_curl_getdate(const char *text);

CURLcode qf_curl_set_text(void *handle, CURLoption option, const char *value);
CURLcode qf_curl_set_number(void *handle, CURLoption option, long value);
CURLcode qf_curl_set_headers(void *handle, struct curl_slist *headers);
// Keeps a copy of the body.
CURLcode qf_curl_set_body(void *handle, const void *bytes, size_t count);
CURLcode qf_curl_set_receivers(void *handle, qf_curl_take header, qf_curl_take body, void *context);
long qf_curl_number(void *handle, CURLINFO info);
// The next transfer that has ended, or NULL; sets its result.
void *qf_curl_next_ended(void *multi, CURLcode *result);
