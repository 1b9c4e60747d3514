/* Colours over colours: 0xAARRGGBB, premultiplied. */
#ifndef SWITCHYARD_BLEND_H
#define SWITCHYARD_BLEND_H

#include "image.h"

/* Pixel loops are worth the vector code that -O2 leaves out. */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC optimize("O3")
#endif

/* All four channels times factor/255, rounded; two channels a 32-bit word. */
static inline uint32_t multiply(uint32_t colour, uint32_t factor) {
  uint32_t rb = (colour & 0xff00ff) * factor + 0x800080, ag = (colour >> 8 & 0xff00ff) * factor + 0x800080;
  rb = (rb + (rb >> 8 & 0xff00ff)) >> 8 & 0xff00ff;
  ag = (ag + (ag >> 8 & 0xff00ff)) & 0xff00ff00;
  return rb | ag;
}

/* Channelwise sum, cut at 255: colours of a client that is wrong about premultiplying do not spill into their neighbours. */
static inline uint32_t add(uint32_t a, uint32_t b) {
  uint32_t rb = (a & 0xff00ff) + (b & 0xff00ff), ag = (a >> 8 & 0xff00ff) + (b >> 8 & 0xff00ff);
  uint32_t over_rb = rb >> 8 & 0x010001, over_ag = ag >> 8 & 0x010001;
  rb = (rb | ((over_rb << 8) - over_rb)) & 0xff00ff;
  ag = (ag | ((over_ag << 8) - over_ag)) & 0xff00ff;
  return rb | ag << 8;
}

static inline uint32_t over(uint32_t above, uint32_t below) { return add(above, multiply(below, 255 - (above >> 24))); }

static inline void blend_row(pixel *restrict to, const pixel *restrict from, int64_t count) {
  for (int64_t i = 0; i < count; i++) to[i] = over(from[i], to[i]);
}

static inline void blend_row_faded(pixel *restrict to, const pixel *restrict from, int64_t count, uint32_t force, uint32_t alpha) {
  for (int64_t i = 0; i < count; i++) to[i] = over(multiply(from[i] | force, alpha), to[i]);
}

static inline void opaque_row(pixel *restrict to, const pixel *restrict from, int64_t count) {
  for (int64_t i = 0; i < count; i++) to[i] = from[i] | 0xff000000;
}

#endif
