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
  /** Its own verbs. */
  readonly verbs: readonly Verb[];
}

function verbs(program: Command): Verb[] {
  // `complete` is for completions, not for people.
  return program.commands
    .filter((command) => command.name() !== 'complete')
    .map((command) => ({
      name: command.name(),
      description: command.description(),
      words: [
        ...verbs(command).map(({ name }) => name),
        ...command.options.filter(({ hidden }) => !hidden).map((option) => option.long ?? option.short ?? ''),
        '--help',
      ],
      verbs: verbs(command),
    }));
}

/** The verb whose own verbs' arguments (names, objects, interfaces, members) `yard bus complete` knows. */
const completesItself = 'bus';
const bashBus = (all: readonly Verb[]) =>
  all
    .filter(({ name }) => name === completesItself)
    .map(
      (bus) => `  if [ "\${COMP_WORDS[1]}" = ${bus.name} ] && [ "$COMP_CWORD" -gt 2 ]; then
    local words
    case \${COMP_WORDS[2]} in
${bus.verbs.map(({ name, words }) => `      ${name}) words="${words.join(' ')}" ;;`).join('\n')}
    esac
    COMPREPLY=($(compgen -W "$words $(yard bus complete -- "\${COMP_WORDS[@]:2}" 2>/dev/null)" -- "$current"))
    return
  fi
`,
    )
    .join('');

const zshBus = (all: readonly Verb[]) =>
  all
    .filter(({ name }) => name === completesItself)
    .map(
      (bus) => `  if [[ \${words[2]} == ${bus.name} ]] && (( CURRENT > 3 )); then
    local -a options
    case \${words[3]} in
${bus.verbs.map(({ name, words }) => `      ${name}) options=(${words.join(' ')}) ;;`).join('\n')}
    esac
    compadd -- $options \${(f)"$(yard bus complete -- "\${(@)words[3,CURRENT]}" 2>/dev/null)"} && return
    _files
    return
  fi
`,
    )
    .join('');

/** The options and verbs of one, `above` being the verbs that it belongs to. */
function fishVerb(above: readonly string[], { name, words, verbs }: Verb): string[] {
  const path = [...above, name];
  const own = verbs.map((verb) => verb.name);
  const isNext = `__yard_in ${path.join(' ')}; and test (count (commandline -opc)) -eq ${path.length + 1}`;
  return [
    ...words
      .filter((word) => word.startsWith('--'))
      .map((option) => `complete -c yard -n '__yard_in ${path.join(' ')}' -l ${option.slice(2)}`),
    ...own.map((verb) => `complete -c yard -n '${isNext}' -f -a ${verb}`),
    ...verbs.flatMap((verb) => fishVerb(path, verb)),
  ];
}

const sessionIds = 'yard sessions --json 2>/dev/null | grep -o \'"id":"[^"]*"\' | cut -d\'"\' -f4';

const generators = {
  bash: (all: readonly Verb[]) => `_yard() {
  local current=\${COMP_WORDS[COMP_CWORD]}
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${all.map(({ name }) => name).join(' ')}" -- "$current"))
    return
  fi
${bashBus(all)}  case \${COMP_WORDS[1]} in
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
${zshBus(all)}  case \${words[2]} in
${all.map(({ name, words }) => `    ${name}) compadd -- ${words.join(' ')}${takesSession.includes(name) ? ` \${(f)"$(${sessionIds})"}` : ''} && return ;;`).join('\n')}
  esac
  _files
}
compdef _yard yard
`,
  fish: (all: readonly Verb[]) => `# Whether these words follow yard.
function __yard_in
  set -l words (commandline -opc)
  test (count $words) -gt (count $argv); or return 1
  for i in (seq (count $argv))
    test $words[(math $i + 1)] = $argv[$i]; or return 1
  end
end
complete -c yard -n __fish_use_subcommand -f
${all.map(({ name, description }) => `complete -c yard -n __fish_use_subcommand -f -a ${name} -d '${description.replaceAll("'", "\\'")}'`).join('\n')}
${all.flatMap((verb) => fishVerb([], verb)).join('\n')}
complete -c yard -n '__yard_in ${completesItself}; and test (count (commandline -opc)) -gt 2' -f -a '(yard bus complete -- (commandline -opc)[3..] (commandline -ct) 2>/dev/null)'
${takesSession.map((name) => `complete -c yard -n '__yard_in ${name}' -f -a "(${sessionIds.replaceAll('"', '\\"')})"`).join('\n')}
`,
};
