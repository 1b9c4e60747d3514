export {
  type ArrayOf,
  array,
  type Bytes,
  bytes,
  type Codec,
  type FieldType,
  type Given,
  type Pointer,
  pointer,
  type ScalarType,
  sizeOf,
  type Text,
  text,
  type Value,
} from './Field.js';
export * from './Ioctl.js';
export * from './input.js';
export {
  type AnyStruct,
  decode,
  encode,
  type Fields,
  type GivenValues,
  packed,
  type Struct,
  struct,
  union,
  type Values,
} from './Struct.js';
