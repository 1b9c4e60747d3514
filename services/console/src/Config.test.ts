import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Bindings } from './Bindings.js';
import { ConfigError, parseConfig, themeOf, usualConfig } from './Config.js';
import { ConfigFile, configPath } from './ConfigFile.js';
import { noModifiers } from './Front.js';
import { themes } from './Themes.js';

describe('parseConfig', () => {
  test('nothing is the usual', () => {
    expect(parseConfig('# empty\n')).toEqual(usualConfig);
  });

  test('settings are taken', () => {
    const config = parseConfig(
      'size = 18\ntheme = "gruvbox-dark"\n[cursor]\nstyle = "bar"\n[colours]\nbackground = "#000010"\n',
    );
    expect([config.size, config.cursor]).toEqual([18, { style: 'bar', blink: false }]);
    expect(themeOf(config)).toEqual({ ...themes['gruvbox-dark'], background: 0x10 });
  });

  test.each([
    ['a mistake of TOML', 'size = 12\nfont = "x\n', 2],
    ['a value that is none', 'font = "x"\n\nsize = "large"\n', 3],
    ['a name that is none', 'theme = "switchyard"\nfnot = "x"\n', 2],
    ['in a section', '[keys]\n"Ctrl+Shift+T" = "copy"\n[cursor]\nblink = 3\n', 4],
    ['a key that is none', '[keys]\n"Ctrl+Q" = "copy"\n"Hyper+Foo" = "copy"\n', 3],
    ['a command that is none', '[keys]\n"Ctrl+Q" = "quit"\n', 2],
    ['a colour that is none', '[colours]\nforeground = "blue"\n', 2],
    ['too large', 'scrollback-mib = 100000\n', 1],
  ])('%s is told with its line', (_, text, line) => {
    let mistake: unknown;
    try {
      parseConfig(text);
    } catch (error) {
      mistake = error;
    }
    expect(mistake).toBeInstanceOf(ConfigError);
    expect((mistake as ConfigError).line, (mistake as Error).message).toBe(line);
  });
});

describe('keys', () => {
  const held = { ...noModifiers, control: true, shift: true };
  const key = (letter: string) => ({
    keysym: letter.charCodeAt(0),
    text: letter,
    latin: letter.toLowerCase(),
  });

  test('own ones come before the usual ones, and may take them away', () => {
    const bindings = new Bindings({ 'Ctrl+Shift+Y': 'copy', 'ctrl+shift+c': 'none' });
    expect(bindings.command(key('Y'), held, false, 1)).toBe('copy');
    expect(bindings.command(key('C'), held, false, 1)).toBeUndefined();
    expect(bindings.command(key('V'), held, false, 1)).toBe('paste');
  });

  test('a layout without Latin letters has them by their places', () => {
    const usual = new Bindings();
    expect(usual.command({ keysym: 0x6e3, text: 'М', latin: 'v' }, held, false, 1)).toBe('paste');
    expect(usual.command({ keysym: 0x6e3, text: 'м', latin: 'v' }, noModifiers, false, 1)).toBeUndefined();
  });

  test('keys among tabs and of the scrollback are the program’s where there are none', () => {
    const usual = new Bindings();
    const pageUp = { keysym: 0xff55, text: '', latin: '' };
    const control = { ...noModifiers, control: true };
    expect(usual.command(pageUp, control, false, 1)).toBeUndefined();
    expect(usual.command(pageUp, control, true, 2)).toBe('previous-tab');
    const shift = { ...noModifiers, shift: true };
    expect(usual.command(pageUp, shift, false, 1)).toBe('page-up');
    expect(usual.command(pageUp, shift, true, 1)).toBeUndefined();
  });
});

describe('ConfigFile', () => {
  test('changes are seen, also those of a folder that was not there, and mistakes are told', async () => {
    const home = mkdtempSync(join(tmpdir(), 'console-'));
    const path = configPath({ HOME: home });
    const sizes: (number | undefined)[] = [];
    const mistakes: string[] = [];
    const file = new ConfigFile(
      path,
      (config) => sizes.push(config.size),
      (mistake) => mistakes.push(mistake),
    );
    try {
      expect(file.config).toEqual(usualConfig);
      mkdirSync(join(home, '.config', 'switchyard'), { recursive: true });
      await new Promise((resolve) => setTimeout(resolve, 300));
      writeFileSync(path, 'size = 20\n');
      await expect.poll(() => sizes).toEqual([20]);
      writeFileSync(`${path}.new`, 'size = 21\n');
      renameSync(`${path}.new`, path);
      await expect.poll(() => sizes).toEqual([20, 21]);
      writeFileSync(path, 'size = 22\nsize = 23\n');
      await expect.poll(() => mistakes).toHaveLength(1);
      expect(mistakes[0]).toMatch(/^console\.toml, line 2: /);
      expect(file.config.size).toBe(21);
    } finally {
      file.close();
      rmSync(home, { recursive: true, maxRetries: 10 });
    }
  });
});
