export type Verdict = 'OK' | 'FAILED' | 'SKIP';

/** What a run of wlcs came to, test by test. */
export class Results {
  readonly verdicts = new Map<string, Verdict>();
  /** Its output, for who looks for the reason. */
  readonly outputs: string[] = [];

  /** Reads googletest's lines; those of several runs add up, the later counts. */
  add(output: string): void {
    this.outputs.push(output);
    for (const line of output.split('\n')) {
      const [, verdict, name] = /^\[\s+(OK|FAILED|SKIP)\s+\] (\S+?\.[^\s,]+).*\(\d+ ?ms\)/.exec(line) ?? [];
      if (name) this.verdicts.set(name, verdict as Verdict);
    }
  }

  named(verdict: Verdict): string[] {
    return [...this.verdicts].filter(([, each]) => each === verdict).map(([name]) => name);
  }

  /** What the suite printed between a test's beginning and its end. */
  outputOf(name: string): string {
    const text = this.outputs.findLast((output) => output.includes(`] ${name}`)) ?? '';
    const begin = text.indexOf(`[ RUN      ] ${name}\n`);
    const end = text.indexOf('\n[', begin + 1);
    return text.slice(begin, text.indexOf('\n', end + 1));
  }

  /** One line a suite. */
  get table(): string {
    const suites = new Map<string, Record<Verdict, number>>();
    for (const [name, verdict] of this.verdicts) {
      const suite = name.slice(0, name.indexOf('.'));
      const counts = suites.get(suite) ?? { OK: 0, FAILED: 0, SKIP: 0 };
      counts[verdict]++;
      suites.set(suite, counts);
    }
    const row = (suite: string, { OK, FAILED, SKIP }: Record<Verdict, number>) =>
      `${suite.padEnd(58)} ${String(OK).padStart(4)} passed ${String(FAILED).padStart(4)} failed ${String(SKIP).padStart(4)} skipped`;
    const count = (verdict: Verdict) => this.named(verdict).length;
    const total = row('all', { OK: count('OK'), FAILED: count('FAILED'), SKIP: count('SKIP') });
    return [...[...suites].sort().map(([suite, counts]) => row(suite, counts)), total].join('\n');
  }
}

/** The checked-in list: a suite a line, its tests below it, each with its parameters when it has some. */
export function parseExpected(text: string): string[] {
  let suite = '';
  const names: string[] = [];
  for (const line of text.split('\n').filter(Boolean)) {
    if (!line.startsWith(' ')) {
      suite = line;
      continue;
    }
    const [test, ...parameters] = line.trim().split(' ');
    if (parameters.length === 0) names.push(`${suite}${test}`);
    for (const parameter of parameters) names.push(`${suite}${test}/${parameter}`);
  }
  return names;
}
