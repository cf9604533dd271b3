import type { CommandWords } from "./words.js";

/** Scripts by the name of the shell that reads them. */
export const completionScripts: Readonly<Record<string, (commands: readonly CommandWords[]) => string>> = { bash, zsh, fish };

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const listed = (words: readonly string[]) => quoted(words.join(" "));

/** What stands behind a command, and behind an option that takes one of some names: `lint`, `lint --format`. */
function cases(commands: readonly CommandWords[]): readonly (readonly [before: string, words: readonly string[]])[] {
  return commands.flatMap(({ name, options, values }) => [
    ...options.filter((option) => option.values.length > 0).map((option) => [`${name} ${option.flag}`, option.values] as const),
    [name, [...values, ...options.map(({ flag }) => flag)]] as const,
  ]);
}

function bash(commands: readonly CommandWords[]): string {
  const names = commands.map(({ name }) => name);
  const takingFiles = commands.flatMap(({ name, options }) =>
    options.filter(({ takesValue, values }) => takesValue && values.length === 0).map(({ flag }) => `${quoted(`${name} ${flag}`)}`),
  );
  return `# usecase in bash: eval "$(usecase completion bash)"
_usecase() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]} words
  COMPREPLY=()
  # A word with = comes in parts.
  if [[ $before == = && COMP_CWORD -gt 2 ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W ${listed([...names, "help", "--help", "--version"])} -- "$current"))
    return
  fi
  case "$command $before" in
    ${takingFiles.join(" | ")}) return ;;
${cases(commands)
  .filter(([before]) => before.includes(" "))
  .map(([before, words]) => `    ${quoted(before)}) words=${listed(words)} ;;\n`)
  .join("")}    *)
      case $command in
${cases(commands)
  .filter(([before]) => !before.includes(" "))
  .map(([before, words]) => `        ${before}) words=${listed(words)} ;;\n`)
  .join("")}        help) words=${listed(names)} ;;
      esac
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -o bashdefault -F _usecase usecase
`;
}

function zsh(commands: readonly CommandWords[]): string {
  // In a specification : ends a part, and [ ] hold the description.
  const described = (text: string) => text.replace(/[[\]:\\]/g, "\\$&");
  const specification = ({ flag, description, takesValue, values }: CommandWords["options"][number]) => {
    const action = !takesValue ? "" : values.length === 0 ? ":value:_files" : `:value:(${values.join(" ").replaceAll(":", "\\:")})`;
    return `        ${quoted(`*${flag}[${described(description)}]${action}`)} \\\n`;
  };
  return `#compdef usecase
# usecase in zsh: eval "$(usecase completion zsh)", behind compinit; or as a file _usecase in $fpath
_usecase() {
  local -a commands
  commands=(
${commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary.replaceAll(":", "\\:")}`)}\n`).join("")}  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  shift words
  ((CURRENT--))
  case $words[1] in
${commands
  .map(
    ({ name, options, values }) =>
      `    ${name})\n      _arguments \\\n${options.map(specification).join("")}        ${quoted(`*:argument:${values.length === 0 ? "_files" : `(${values.join(" ")})`}`)}\n      ;;\n`,
  )
  .join("")}    help) _describe command commands ;;
  esac
}
compdef _usecase usecase
`;
}

function fish(commands: readonly CommandWords[]): string {
  const within = (name: string) => `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  const lines = commands.flatMap(({ name, summary, options, values }) => [
    `complete -c usecase -f -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...(values.length === 0 ? [`complete -c usecase -F ${within(name)}`] : [`complete -c usecase -f ${within(name)} -a ${listed(values)}`]),
    ...options.map((option) => {
      const value = !option.takesValue ? "" : option.values.length === 0 ? " -r" : ` -x -a ${listed(option.values)}`;
      return `complete -c usecase ${within(name)} -l ${option.flag.slice(2)}${value} -d ${quoted(option.description)}`;
    }),
  ]);
  return `# usecase in fish: usecase completion fish > ~/.config/fish/completions/usecase.fish\n${lines.join("\n")}\n`;
}
