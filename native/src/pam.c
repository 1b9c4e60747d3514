/*
 * PAM (pam(3)), from libpam when the machine has it. Its calls wait, for its modules and for the answers to their
 * questions: this part is for a process that does nothing else (libs/pam).
 */
#include "addon.h"

#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* _pam_types.h */
enum { PAM_SUCCESS = 0, PAM_SYSTEM_ERR = 4, PAM_BUF_ERR = 5, PAM_CONV_ERR = 19 };
enum { PAM_SERVICE = 1, PAM_USER = 2, PAM_TTY = 3, PAM_RHOST = 4, PAM_CONV = 5, PAM_RUSER = 8, PAM_FAIL_DELAY = 10 };
enum { PAM_PROMPT_ECHO_OFF = 1, PAM_PROMPT_ECHO_ON = 2 };
#define PAM_MAX_NUM_MSG 32
#define PAM_MAX_RESP_SIZE 512
/* Longer words of a module are cut: somebody is to read them. */
#define TEXT_MAX 4096

struct pam_message {
  int msg_style;
  const char *msg;
};
struct pam_response {
  char *resp;
  int resp_retcode;
};
struct pam_conv {
  int (*conv)(int count, const struct pam_message **messages, struct pam_response **responses, void *data);
  void *appdata_ptr;
};

static struct {
  int (*start)(const char *service, const char *user, const struct pam_conv *conversation, void **handle);
  int (*end)(void *handle, int status);
  int (*set_item)(void *handle, int type, const void *item);
  int (*get_item)(const void *handle, int type, const void **item);
  int (*putenv)(void *handle, const char *name_value);
  char **(*getenvlist)(void *handle);
  const char *(*strerror)(void *handle, int code);
  /* In the order of pamStep's numbers. */
  int (*steps[6])(void *handle, int flags);
} pam;

static const struct {
  void *function;
  const char *name;
} symbols[] = {
    {&pam.start, "pam_start"},
    {&pam.end, "pam_end"},
    {&pam.set_item, "pam_set_item"},
    {&pam.get_item, "pam_get_item"},
    {&pam.putenv, "pam_putenv"},
    {&pam.getenvlist, "pam_getenvlist"},
    {&pam.strerror, "pam_strerror"},
    {&pam.steps[0], "pam_authenticate"},
    {&pam.steps[1], "pam_acct_mgmt"},
    {&pam.steps[2], "pam_setcred"},
    {&pam.steps[3], "pam_open_session"},
    {&pam.steps[4], "pam_close_session"},
    {&pam.steps[5], "pam_chauthtok"},
};

static bool have_pam(void) {
  static enum { UNKNOWN, ABSENT, PRESENT } state;
  if (state != UNKNOWN) return state == PRESENT;
  /* Its modules find it by its name only when its symbols are everybody's. */
  void *library = dlopen("libpam.so.0", RTLD_NOW | RTLD_GLOBAL);
  state = library ? PRESENT : ABSENT;
  for (size_t i = 0; library && i < sizeof symbols / sizeof *symbols; i++)
    if (!(*(void **)symbols[i].function = dlsym(library, symbols[i].name))) state = ABSENT;
  return state == PRESENT;
}

struct dialogue {
  const void *tag; /* &pam: other parts of the addon have externals too */
  void *handle;    /* NULL after pamEnd */
  int fd;
  int status;
};

/* All of it, whether the descriptor blocks or not. False at the end, or when the other side is gone. */
static bool transfer(int fd, void *bytes, size_t length, bool writing) {
  for (size_t done = 0; done < length;) {
    void *at = (char *)bytes + done;
    ssize_t count = writing ? write(fd, at, length - done) : read(fd, at, length - done);
    if (count > 0) {
      done += (size_t)count;
    } else if (count == 0) {
      return false;
    } else if (errno == EAGAIN) {
      struct pollfd poller = {fd, writing ? POLLOUT : POLLIN, 0};
      poll(&poller, 1, -1);
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

/* One frame of libs/pam's (Frame.ts): length of what follows (32 bits, native), kind, bytes. */
static bool write_frame(int fd, uint8_t kind, const char *text) {
  uint32_t length = (uint32_t)strnlen(text, TEXT_MAX) + 1;
  return transfer(fd, &length, sizeof length, true) && transfer(fd, &kind, 1, true) &&
         transfer(fd, (void *)text, length - 1, true);
}

/* The answer, which libpam's modules wipe and free; NULL when there is none. */
static char *read_answer(int fd) {
  uint32_t length;
  uint8_t kind;
  if (!transfer(fd, &length, sizeof length, false) || length < 1 || length > PAM_MAX_RESP_SIZE) return NULL;
  char *answer = calloc(1, length);
  if (!answer) return NULL;
  if (transfer(fd, &kind, 1, false) && transfer(fd, answer, length - 1, false)) return answer;
  explicit_bzero(answer, length);
  free(answer);
  return NULL;
}

static int converse(int count, const struct pam_message **messages, struct pam_response **responses, void *data) {
  const struct dialogue *dialogue = data;
  if (count < 1 || count > PAM_MAX_NUM_MSG) return PAM_CONV_ERR;
  struct pam_response *answers = calloc((size_t)count, sizeof *answers);
  if (!answers) return PAM_BUF_ERR;
  for (int i = 0; i < count; i++) {
    const struct pam_message *message = messages[i];
    bool asked = message->msg_style == PAM_PROMPT_ECHO_OFF || message->msg_style == PAM_PROMPT_ECHO_ON;
    bool told = write_frame(dialogue->fd, (uint8_t)message->msg_style, message->msg ? message->msg : "");
    if (told && (!asked || (answers[i].resp = read_answer(dialogue->fd)))) continue;
    for (int before = 0; before < i; before++) {
      if (!answers[before].resp) continue;
      explicit_bzero(answers[before].resp, strlen(answers[before].resp));
      free(answers[before].resp);
    }
    free(answers);
    return PAM_CONV_ERR;
  }
  *responses = answers;
  return PAM_SUCCESS;
}

/* Who starts the process makes the next try wait; here nobody is held up. */
static void no_delay(int status, unsigned microseconds, void *data) {
  (void)status, (void)microseconds, (void)data;
}

static void end_dialogue(struct dialogue *dialogue) {
  if (dialogue->handle) pam.end(dialogue->handle, dialogue->status);
  dialogue->handle = NULL;
}

static void finalize(napi_env env, void *data, void *hint) {
  (void)env, (void)hint;
  end_dialogue(data);
  free(data);
}

/* NULL when it is none, or has ended. */
static struct dialogue *dialogue_of(napi_env env, napi_value value) {
  napi_valuetype type;
  void *data = NULL;
  if (napi_typeof(env, value, &type) != napi_ok || type != napi_external) return NULL;
  if (napi_get_value_external(env, value, &data) != napi_ok || !data) return NULL;
  struct dialogue *dialogue = data;
  return dialogue->tag == &pam && dialogue->handle ? dialogue : NULL;
}

static napi_value text_or_undefined(napi_env env, const char *text) {
  napi_value result = NULL;
  if (text) napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &result);
  return result;
}

/* pamStart(service, user, fd) → external; a PAM code or -errno when there is none */
static napi_value pam_start_dialogue(napi_env env, napi_callback_info info) {
  napi_value argument[3], result;
  char service[256], user[256];
  get_arguments(env, info, 3, argument);
  if (text_argument(env, argument[0], service, sizeof service) < 1) return int_result(env, -EINVAL);
  if (text_argument(env, argument[1], user, sizeof user) < 0) return int_result(env, -EINVAL);
  if (!have_pam()) return int_result(env, -ENOSYS);
  struct dialogue *dialogue = calloc(1, sizeof *dialogue);
  if (!dialogue) return int_result(env, -ENOMEM);
  dialogue->tag = &pam;
  dialogue->fd = int_argument(env, argument[2]);
  struct pam_conv conversation = {converse, dialogue};
  int code = pam.start(service, *user ? user : NULL, &conversation, &dialogue->handle);
  if (code == PAM_SUCCESS) code = pam.set_item(dialogue->handle, PAM_FAIL_DELAY, (const void *)no_delay);
  if (code == PAM_SUCCESS && napi_create_external(env, dialogue, finalize, NULL, &result) == napi_ok) return result;
  finalize(env, dialogue, NULL);
  return int_result(env, code == PAM_SUCCESS ? PAM_SYSTEM_ERR : code);
}

/* pamSetItem(dialogue, item, text) → PAM code */
static napi_value pam_set_text_item(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  char text[1024];
  get_arguments(env, info, 3, argument);
  struct dialogue *dialogue = dialogue_of(env, argument[0]);
  int item = int_argument(env, argument[1]);
  bool textual = item == PAM_TTY || item == PAM_RHOST || item == PAM_RUSER;
  if (!dialogue || !textual || text_argument(env, argument[2], text, sizeof text) < 0) return int_result(env, -EINVAL);
  return int_result(env, pam.set_item(dialogue->handle, item, text));
}

/* pamStep(dialogue, step, flags) → PAM code */
static napi_value pam_step(napi_env env, napi_callback_info info) {
  napi_value argument[3];
  get_arguments(env, info, 3, argument);
  struct dialogue *dialogue = dialogue_of(env, argument[0]);
  int step = int_argument(env, argument[1]);
  if (!dialogue || step < 0 || (size_t)step >= sizeof pam.steps / sizeof *pam.steps) return int_result(env, -EINVAL);
  dialogue->status = pam.steps[step](dialogue->handle, int_argument(env, argument[2]));
  return int_result(env, dialogue->status);
}

/* pamUser(dialogue) → name: a module may have asked for it, or changed it */
static napi_value pam_user(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  const void *user = NULL;
  get_arguments(env, info, 1, argument);
  struct dialogue *dialogue = dialogue_of(env, argument[0]);
  if (dialogue && pam.get_item(dialogue->handle, PAM_USER, &user) != PAM_SUCCESS) user = NULL;
  return text_or_undefined(env, user);
}

/* pamError(dialogue, code) → what the code means */
static napi_value pam_error(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  get_arguments(env, info, 2, argument);
  struct dialogue *dialogue = dialogue_of(env, argument[0]);
  return text_or_undefined(env, dialogue ? pam.strerror(dialogue->handle, int_argument(env, argument[1])) : NULL);
}

/* pamPutEnvironment(dialogue, "NAME=value") → PAM code: what modules of the session are to know */
static napi_value pam_put_environment(napi_env env, napi_callback_info info) {
  napi_value argument[2];
  char text[4096];
  get_arguments(env, info, 2, argument);
  struct dialogue *dialogue = dialogue_of(env, argument[0]);
  if (!dialogue || text_argument(env, argument[1], text, sizeof text) < 0) return int_result(env, -EINVAL);
  return int_result(env, pam.putenv(dialogue->handle, text));
}

/* pamEnvironment(dialogue) → ["NAME=value"] */
static napi_value pam_environment(napi_env env, napi_callback_info info) {
  napi_value argument[1], list, text;
  get_arguments(env, info, 1, argument);
  struct dialogue *dialogue = dialogue_of(env, argument[0]);
  char **variables = dialogue ? pam.getenvlist(dialogue->handle) : NULL;
  if (napi_create_array(env, &list) != napi_ok) list = NULL;
  for (uint32_t i = 0; variables && variables[i]; i++) {
    if (list && napi_create_string_utf8(env, variables[i], NAPI_AUTO_LENGTH, &text) == napi_ok)
      napi_set_element(env, list, i, text);
    free(variables[i]);
  }
  free(variables);
  return list;
}

/* pamEnd(dialogue) */
static napi_value pam_end_dialogue(napi_env env, napi_callback_info info) {
  napi_value argument[1];
  get_arguments(env, info, 1, argument);
  struct dialogue *dialogue = dialogue_of(env, argument[0]);
  if (dialogue) end_dialogue(dialogue);
  return NULL;
}

void pam_init(napi_env env, napi_value exports) {
  static const struct function_entry functions[] = {
      {"pamStart", pam_start_dialogue},
      {"pamSetItem", pam_set_text_item},
      {"pamStep", pam_step},
      {"pamUser", pam_user},
      {"pamError", pam_error},
      {"pamPutEnvironment", pam_put_environment},
      {"pamEnvironment", pam_environment},
      {"pamEnd", pam_end_dialogue},
      {NULL, NULL},
  };
  define_functions(env, exports, functions);
}
