// What changes the folder and closes files is GNU's own, which Swift does not see.
#define _GNU_SOURCE
#include "CTestKit.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>

int ct_spawn(pid_t *process, const char *folder, char *const words[], char *const environment[],
             const char *const files[3], bool is_session) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0);
    for (int stream = 1; stream < 3; stream++)
        posix_spawn_file_actions_addopen(&actions, stream, files[stream], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addchdir_np(&actions, folder);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    // A thread of a pool blocks signals; a program begins with none blocked, and none ignored.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    int session = is_session ? POSIX_SPAWN_SETSID : 0;
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | session);
    int code = posix_spawn(process, words[0], &actions, &attributes, words, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

int ct_columns(wchar_t letter) { return wcwidth(letter); }
