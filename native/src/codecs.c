/*
 * LZ4 and JPEG by libraries that are opened at run time (liblz4.so.1; libturbojpeg.so.0, else libjpeg.so.62), so that neither
 * building nor running needs them: without them the functions return 0 and libs/pixels does what it can in TypeScript.
 */
#include "image.h"
#include "jpeg62.h"

#include <dlfcn.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* A rectangle that is packed before compression is kept in a buffer of this thread; more than this is given back at once. */
#define SCRATCH_KEPT_MAX ((size_t)64 << 20) /* a 4096 × 4096 frame */
#define LZ4_INPUT_MAX 0x7e000000            /* lz4.h: LZ4_MAX_INPUT_SIZE */

/* What to compress and where to put it. */
struct job {
  struct image from;
  struct rectangle r;
  uint8_t *out;
  size_t room;
};

/* Arguments: from, stride, x, y, width, height, out, offset. Compressing less than was asked would be a lie, so it throws. */
static bool argument_job(napi_env env, const napi_value *v, struct job *job) {
  uint8_t *out;
  size_t length;
  int64_t offset;
  if (!argument_image(env, v, &job->from) || !argument_rectangle(env, v + 2, &job->r) ||
      !argument_bytes(env, v[6], &out, &length) || !argument_integer(env, v[7], &offset))
    return false;
  struct rectangle clipped = job->r;
  if (!clip_to_image(&clipped, &job->from) || clipped.x != job->r.x || clipped.y != job->r.y || clipped.w != job->r.w ||
      clipped.h != job->r.h) {
    napi_throw_range_error(env, NULL, "the rectangle to compress is empty or not wholly inside the image");
    return false;
  }
  bool fits = offset >= 0 && offset <= (int64_t)length;
  job->out = fits ? out + offset : out;
  job->room = fits ? length - (size_t)offset : 0;
  return true;
}

static __thread uint8_t *scratch;
static __thread size_t scratch_size;

static uint8_t *scratch_of(size_t size) {
  if (size > scratch_size) {
    free(scratch);
    scratch = malloc(size);
    scratch_size = scratch ? size : 0;
  }
  return scratch;
}

static void scratch_done(void) {
  if (scratch_size <= SCRATCH_KEPT_MAX) return;
  free(scratch);
  scratch = NULL;
  scratch_size = 0;
}

static int (*lz4_compress)(const char *from, char *to, int from_size, int to_size, int acceleration);

static bool have_lz4(void) {
  static bool tried;
  if (!tried) {
    void *library = dlopen("liblz4.so.1", RTLD_NOW | RTLD_LOCAL);
    if (library) *(void **)&lz4_compress = dlsym(library, "LZ4_compress_fast");
    tried = true;
  }
  return lz4_compress != NULL;
}

static napi_value lz4_available(napi_env env, napi_callback_info info) {
  (void)info;
  return result_boolean(env, have_lz4());
}

static napi_value lz4_compress_rectangle(napi_env env, napi_callback_info info) {
  napi_value v[8];
  struct job job;
  get_arguments(env, info, 8, v);
  if (!argument_job(env, v, &job)) return NULL;
  size_t row = (size_t)job.r.w * 4, size = row * (size_t)job.r.h;
  if (!have_lz4() || size > LZ4_INPUT_MAX) return int_result(env, 0);
  const uint8_t *packed = (const uint8_t *)pixel_at(&job.from, job.r.x, job.r.y);
  if ((int64_t)row != job.from.stride && job.r.h > 1) {
    uint8_t *copy = scratch_of(size);
    if (!copy) return int_result(env, 0);
    for (int64_t y = 0; y < job.r.h; y++)
      memcpy(copy + (size_t)y * row, pixel_at(&job.from, job.r.x, job.r.y + y), row);
    packed = copy;
  }
  int room = (int)(job.room > INT32_MAX ? INT32_MAX : job.room);
  int written = lz4_compress((const char *)packed, (char *)job.out, (int)size, room, 1);
  scratch_done();
  return int_result(env, written);
}

#define TJ_PIXEL_BGRX 3
#define TJ_SUBSAMPLING_420 2
#define TJ_FAST_DCT 2048
#define TJ_NO_REALLOCATION 1024

static void *(*tj_init)(void);
static int (*tj_compress)(void *handle, const unsigned char *from, int width, int pitch, int height, int format,
                          unsigned char **to, unsigned long *to_size, int subsampling, int quality, int flags);
static unsigned long (*tj_size)(int width, int height, int subsampling);

/* tjCompress2 without reallocation wants room for the worst case, which a caller with a smaller buffer does not have. */
static size_t jpeg_by_turbo(const struct job *job, int quality) {
  static __thread void *handle;
  if (!handle && !(handle = tj_init())) return 0;
  unsigned long size = tj_size((int)job->r.w, (int)job->r.h, TJ_SUBSAMPLING_420);
  if (size == (unsigned long)-1) return 0;
  bool direct = job->room >= size;
  unsigned char *to = direct ? job->out : scratch_of(size);
  if (!to) return 0;
  if (tj_compress(handle, (const uint8_t *)pixel_at(&job->from, job->r.x, job->r.y), (int)job->r.w, (int)job->from.stride,
                  (int)job->r.h, TJ_PIXEL_BGRX, &to, &size, TJ_SUBSAMPLING_420, quality, TJ_FAST_DCT | TJ_NO_REALLOCATION))
    size = 0;
  if (!direct && size > job->room) size = 0;
  if (!direct && size) memcpy(job->out, to, size);
  scratch_done();
  return size;
}

static struct jpeg_errors *(*jpeg_std_error)(struct jpeg_errors *);
static void (*jpeg_CreateCompress)(struct jpeg_compressor *, int version, size_t size);
static void (*jpeg_mem_dest)(struct jpeg_compressor *, unsigned char **to, unsigned long *to_size);
static void (*jpeg_set_defaults)(struct jpeg_compressor *);
static void (*jpeg_set_quality)(struct jpeg_compressor *, int quality, int baseline);
static void (*jpeg_start_compress)(struct jpeg_compressor *, int all_tables);
static uint32_t (*jpeg_write_scanlines)(struct jpeg_compressor *, const uint8_t **rows, uint32_t count);
static void (*jpeg_finish_compress)(struct jpeg_compressor *);
static void (*jpeg_destroy_compress)(struct jpeg_compressor *);

struct jpeg_run {
  struct jpeg_compressor compressor;
  struct jpeg_errors errors;
  unsigned char *to; /* moved to memory of the library's when what we gave was too small */
  unsigned long size;
  jmp_buf failed;
};

static void on_jpeg_error(void *compressor) {
  struct jpeg_run *run = (struct jpeg_run *)((char *)compressor - offsetof(struct jpeg_run, compressor));
  longjmp(run->failed, 1);
}

static void on_jpeg_message(void *compressor) { (void)compressor; }

static size_t jpeg_by_libjpeg(const struct job *job, int quality) {
  struct jpeg_run run = {.to = job->out, .size = job->room};
  struct jpeg_compressor *c = &run.compressor;
  c->errors = jpeg_std_error(&run.errors);
  run.errors.error_exit = on_jpeg_error;
  run.errors.output_message = on_jpeg_message;
  if (setjmp(run.failed)) {
    if (c->memory) jpeg_destroy_compress(c);
    if (run.to != job->out) free(run.to);
    return 0;
  }
  jpeg_CreateCompress(c, JPEG_ABI_VERSION, sizeof *c);
  jpeg_mem_dest(c, &run.to, &run.size);
  c->image_width = (uint32_t)job->r.w;
  c->image_height = (uint32_t)job->r.h;
  c->input_components = 4;
  c->input_colour_space = JPEG_COLOUR_BGRX;
  jpeg_set_defaults(c); /* 4:2:0, baseline */
  jpeg_set_quality(c, quality, 1);
  c->dct_method = JPEG_DCT_FASTEST;
  jpeg_start_compress(c, 1);
  while (c->next_scanline < c->image_height) {
    const uint8_t *row = (const uint8_t *)pixel_at(&job->from, job->r.x, job->r.y + c->next_scanline);
    jpeg_write_scanlines(c, &row, 1);
  }
  jpeg_finish_compress(c);
  jpeg_destroy_compress(c);
  bool fits = run.to == job->out;
  if (!fits) free(run.to);
  return fits ? run.size : 0;
}

static bool load_turbo(void) {
  void *library = dlopen("libturbojpeg.so.0", RTLD_NOW | RTLD_LOCAL);
  if (!library) return false;
  *(void **)&tj_init = dlsym(library, "tjInitCompress");
  *(void **)&tj_compress = dlsym(library, "tjCompress2");
  *(void **)&tj_size = dlsym(library, "tjBufSize");
  return tj_init && tj_compress && tj_size;
}

static bool load_libjpeg(void) {
  void *library = dlopen("libjpeg.so.62", RTLD_NOW | RTLD_LOCAL);
  if (!library || sizeof(void *) != 8) return false;
  static const struct {
    void *function;
    const char *name;
  } symbols[] = {
      {&jpeg_std_error, "jpeg_std_error"},           {&jpeg_CreateCompress, "jpeg_CreateCompress"},
      {&jpeg_mem_dest, "jpeg_mem_dest"},             {&jpeg_set_defaults, "jpeg_set_defaults"},
      {&jpeg_set_quality, "jpeg_set_quality"},       {&jpeg_start_compress, "jpeg_start_compress"},
      {&jpeg_write_scanlines, "jpeg_write_scanlines"}, {&jpeg_finish_compress, "jpeg_finish_compress"},
      {&jpeg_destroy_compress, "jpeg_destroy_compress"},
  };
  for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
    if (!(*(void **)symbols[i].function = dlsym(library, symbols[i].name))) return false;
  return true;
}

/* Compresses one tile: a library of another ABI, or one without BGRX, is found out here and not in the middle of a frame. */
static bool works(size_t (*compress)(const struct job *, int)) {
  uint8_t pixels[16 * 16 * 4] = {0}, out[4096];
  struct job job = {{pixels, sizeof pixels, 64}, {0, 0, 16, 16}, out, sizeof out};
  return compress(&job, 80) > 0;
}

/* libturbojpeg, else libjpeg; NULL when neither works. */
static size_t (*jpeg_compressor(void))(const struct job *, int) {
  static size_t (*chosen)(const struct job *, int);
  static bool tried;
  if (!tried) {
    if (load_turbo() && works(jpeg_by_turbo)) chosen = jpeg_by_turbo;
    else if (load_libjpeg() && works(jpeg_by_libjpeg)) chosen = jpeg_by_libjpeg;
    tried = true;
  }
  return chosen;
}

static napi_value jpeg_available(napi_env env, napi_callback_info info) {
  (void)info;
  napi_value name;
  size_t (*compressor)(const struct job *, int) = jpeg_compressor();
  const char *text = compressor == jpeg_by_turbo ? "libturbojpeg" : compressor ? "libjpeg" : "";
  return napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &name) == napi_ok ? name : NULL;
}

static napi_value jpeg_compress_rectangle(napi_env env, napi_callback_info info) {
  napi_value v[9];
  struct job job;
  int64_t quality;
  get_arguments(env, info, 9, v);
  if (!argument_job(env, v, &job) || !argument_integer(env, v[8], &quality)) return NULL;
  size_t (*compress)(const struct job *, int) = jpeg_compressor();
  if (!compress || !job.room || job.r.w > 65500 || job.r.h > 65500) return int_result(env, 0);
  return int_result(env, (int64_t)compress(&job, (int)maximum(1, minimum(100, quality))));
}

void codecs_init(napi_env env, napi_value exports) {
  static const struct function_entry table[] = {
      {"lz4Available", lz4_available},
      {"lz4CompressRectangle", lz4_compress_rectangle},
      {"jpegLibrary", jpeg_available},
      {"jpegCompressRectangle", jpeg_compress_rectangle},
      {NULL, NULL},
  };
  define_functions(env, exports, table);
}
