import { type Command, InvalidArgumentError } from 'commander';

/** Verbs whose argument is a session: its ids and names are asked of the running tree. */
const takesSession = ['activate', 'kill', 'lock', 'unlock'];

export function completionCommand(program: Command): void {
  program
    .command('completion')
    .description('print the completions for a shell; source them, or put them where it looks')
    .argument('<shell>', 'bash, zsh or fish', (shell: string) => {
      if (!(shell in generators)) throw new InvalidArgumentError('bash, zsh or fish.');
      return shell as keyof typeof generators;
    })
    .action((shell: keyof typeof generators) => {
      process.stdout.write(generators[shell](verbs(program)));
    });
}

interface Verb {
  readonly name: string;
  readonly description: string;
  readonly words: readonly string[];
}

function verbs(program: Command): Verb[] {
  return program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    words: [
      ...command.commands.map((child) => child.name()),
      ...command.options.filter(({ hidden }) => !hidden).map((option) => option.long ?? option.short ?? ''),
      '--help',
    ],
  }));
}

const sessionIds = 'yard sessions --json 2>/dev/null | grep -o \'"id":"[^"]*"\' | cut -d\'"\' -f4';

const generators = {
  bash: (all: readonly Verb[]) => `_yard() {
  local current=\${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${all.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
  case \${COMP_WORDS[1]} in
${all.map(({ name, words }) => `    ${name}) COMPREPLY=($(compgen -W "${words.join(' ')}${takesSession.includes(name) ? ` $(${sessionIds.replaceAll('"', '\\"')})` : ''}" -- "$current")) ;;`).join('\n')}
  esac
}
complete -o default -F _yard yard
`,
  zsh: (all: readonly Verb[]) => `#compdef yard
_yard() {
  local -a verbs
  verbs=(
${all.map(({ name, description }) => `    '${name}:${description.replaceAll("'", "'\\''").replaceAll(':', '\\:')}'`).join('\n')}
  )
  if (( CURRENT == 2 )); then
    _describe verb verbs
    return
  fi
  case \${words[2]} in
${all.map(({ name, words }) => `    ${name}) compadd -- ${words.join(' ')}${takesSession.includes(name) ? ` \${(f)"$(${sessionIds})"}` : ''} ;;`).join('\n')}
  esac
  _files
}
compdef _yard yard
`,
  fish: (all: readonly Verb[]) =>
    `complete -c yard -n __fish_use_subcommand -f
${all.map(({ name, description }) => `complete -c yard -n __fish_use_subcommand -f -a ${name} -d '${description.replaceAll("'", "\\'")}'`).join('\n')}
${all
  .flatMap(({ name, words }) =>
    words.map((word) =>
      word.startsWith('--')
        ? `complete -c yard -n '__fish_seen_subcommand_from ${name}' -l ${word.slice(2)}`
        : `complete -c yard -n '__fish_seen_subcommand_from ${name}' -f -a ${word}`,
    ),
  )
  .join('\n')}
complete -c yard -n '__fish_seen_subcommand_from ${takesSession.join(' ')}' -f -a "(${sessionIds.replaceAll('"', '\\"')})"
`,
};
