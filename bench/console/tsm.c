/* libtsm, the emulator of kmscon, on its own: tsm FILE prints MB a second of CPU time. */
#include <libtsm.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static void answer(struct tsm_vte *vte, const char *text, size_t length, void *data) {
  (void)vte, (void)text, (void)length, (void)data;
}

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
  if (!file) return 1;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *bytes = malloc(size);
  if (!bytes || fread(bytes, 1, size, file) != (size_t)size) return 1;
  struct tsm_screen *screen;
  struct tsm_vte *vte;
  if (tsm_screen_new(&screen, NULL, NULL) || tsm_vte_new(&vte, screen, answer, NULL, NULL, NULL)) return 1;
  tsm_screen_resize(screen, 160, 45);
  tsm_screen_set_max_sb(screen, 10000);
  clock_t begin = clock();
  for (long at = 0; at < size; at += 65536) tsm_vte_input(vte, bytes + at, size - at < 65536 ? size - at : 65536);
  printf("%f\n", size / 1e6 / ((double)(clock() - begin) / CLOCKS_PER_SEC));
  return 0;
}
