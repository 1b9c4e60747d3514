import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { commands, parseChord } from './Bindings.js';
import { FONT_SIZES } from './Font.js';
import { parseColour } from './Palette.js';
import { type Theme, themes, usualTheme } from './Themes.js';

const colour = z.string().transform((text, context) => {
  const value = parseColour(text);
  if (value === undefined) context.addIssue('give a colour as "#rrggbb"');
  return value ?? 0;
});

const strict = z.strictObject;

/** What console.toml may hold, and what holds without it. */
const schema = strict({
  font: z.string().min(1).optional(),
  size: z.number().min(FONT_SIZES.least).max(FONT_SIZES.most).optional(),
  shell: z.array(z.string()).min(1).optional(),
  theme: z.enum(Object.keys(themes) as [string, ...string[]]).default('switchyard'),
  'bold-is-bright': z.boolean().default(true),
  bell: z.enum(['visual', 'none']).default('visual'),
  'scrollback-mib': z.number().int().min(1).max(1024).default(32),
  'programs-copy': z.boolean().default(true),
  'open-links': z.array(z.string()).min(1).optional(),
  cursor: strict({
    style: z.enum(['block', 'underline', 'bar']).default('block'),
    blink: z.boolean().default(false),
  }).prefault({}),
  colours: strict({
    foreground: colour.optional(),
    background: colour.optional(),
    cursor: colour.optional(),
    selection: colour.optional(),
    sixteen: z.array(colour).length(16).optional(),
  }).prefault({}),
  keys: z.record(z.string(), z.enum([...commands, 'none'])).default({}),
});

export type Config = z.infer<typeof schema>;

export const usualConfig: Config = schema.parse({});

/** A configuration that cannot be used: where, and why. */
export class ConfigError extends Error {
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

/** Throws ConfigError. */
export function parseConfig(text: string): Config {
  let values: unknown;
  try {
    values = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw new ConfigError(error.line, error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, ''));
  }
  const result = schema.safeParse(values);
  if (!result.success) {
    const issue = result.error.issues[0]!;
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
    const what = issue.code === 'unrecognized_keys' ? 'there is no such setting' : issue.message;
    throw new ConfigError(lineOf(text, path), `${path.join('.')}: ${what}`);
  }
  for (const chord of Object.keys(result.data.keys)) {
    if (!parseChord(chord)) {
      throw new ConfigError(lineOf(text, ['keys', chord]), `keys: "${chord}" is no key like "Ctrl+Shift+T"`);
    }
  }
  return result.data;
}

/** The theme with the user's own colours in it. */
export function themeOf(config: Config): Theme {
  const { foreground, background, cursor, selection, sixteen } = config.colours;
  const theme = themes[config.theme] ?? usualTheme;
  return {
    foreground: foreground ?? theme.foreground,
    background: background ?? theme.background,
    cursor: cursor ?? foreground ?? theme.cursor,
    selection: selection ?? theme.selection,
    sixteen: sixteen ?? theme.sixteen,
  };
}

/** Where a setting stands: the last key of its path, in its section when that is there. */
function lineOf(text: string, path: readonly PropertyKey[]): number {
  const keys = path.filter((part): part is string => typeof part === 'string');
  const lines = text.split('\n');
  const escaped = (key: string) => key.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  let from = 0;
  if (keys.length > 1) {
    const section = new RegExp(`^\\s*\\[\\s*"?${escaped(keys[0]!)}"?\\s*\\]`);
    from = Math.max(
      0,
      lines.findIndex((line) => section.test(line)),
    );
  }
  const key = new RegExp(`(^|[.{,\\s])["']?${escaped(keys.at(-1) ?? '')}["']?\\s*=`);
  const at = lines.findIndex((line, index) => index >= from && key.test(line));
  return (at < 0 ? from : at) + 1;
}
