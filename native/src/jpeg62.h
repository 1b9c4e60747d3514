/*
 * The part of libjpeg's binary interface (libjpeg.so.62 as libjpeg-turbo keeps it) that compressing needs, declared here
 * so that the addon builds without the library's headers. jpeg_CreateCompress compares the version and the size below with the
 * library's own and refuses when they differ; libs/pixels compares each member with jpeglib.h where that is installed.
 */
#ifndef SWITCHYARD_JPEG62_H
#define SWITCHYARD_JPEG62_H

#include <stdint.h>

#define JPEG_ABI_VERSION 62
#define JPEG_COLOUR_BGRX 9  /* JCS_EXT_BGRX: libjpeg-turbo's; another libjpeg answers with an error */
#define JPEG_DCT_FASTEST 1  /* JDCT_IFAST */

struct jpeg_errors {
  void (*error_exit)(void *compressor); /* must not return */
  void (*emit_message)(void *compressor, int level);
  void (*output_message)(void *compressor);
  uint8_t rest[512]; /* jpeg_std_error fills less than half of it */
};

struct jpeg_compressor {
  struct jpeg_errors *errors;
  void *memory, *progress, *client_data;
  int is_decompressor, global_state;
  void *destination;
  uint32_t image_width, image_height;
  int input_components, input_colour_space;
  double input_gamma;
  int data_precision, components, colour_space;
  void *component_info, *quantization_tables[4], *dc_huffman_tables[4], *ac_huffman_tables[4];
  uint8_t arithmetic_dc_low[16], arithmetic_dc_high[16], arithmetic_ac[16];
  int scans;
  const void *scan_info;
  int raw_data_in, arithmetic_coding, optimize_coding, ccir601_sampling, smoothing_factor, dct_method;
  uint32_t restart_interval;
  int restart_in_rows, write_jfif_header;
  uint8_t jfif_major_version, jfif_minor_version, density_unit;
  uint16_t x_density, y_density;
  int write_adobe_marker;
  uint32_t next_scanline;
  int progressive_mode, max_h_sampling, max_v_sampling;
  uint32_t total_imcu_rows;
  int components_in_scan;
  void *current_components[4];
  uint32_t mcus_per_row, mcu_rows_in_scan;
  int blocks_in_mcu, mcu_membership[10], spectral_start, spectral_end, approximation_high, approximation_low;
  void *modules[9], *script_space;
  int script_space_size;
};

#endif
