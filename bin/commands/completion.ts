/** `palaver completion`: a script that lets the shell complete commands and flags by asking `palaver` itself. */
import { defineCommand } from '../command.ts'
import { print } from '../output.ts'

const BASH = `# palaver completion bash >> ~/.bashrc
_palaver() {
  local IFS=$'\\n' word="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=($(compgen -W "$(palaver --get-yargs-completions "\${COMP_WORDS[@]}" 2>/dev/null)" -- "$word"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$word")); fi
}
complete -o bashdefault -o default -F _palaver palaver`

const ZSH = `#compdef palaver
# palaver completion zsh >> ~/.zshrc
_palaver() {
  local reply si=$IFS
  IFS=$'\\n' reply=($(palaver --get-yargs-completions "\${words[@]}" 2>/dev/null))
  IFS=$si
  if [[ \${#reply} -gt 0 ]]; then compadd -- "\${(@)reply%%:*}"; else _files; fi
}
compdef _palaver palaver`

const FISH = `# palaver completion fish > ~/.config/fish/completions/palaver.fish
function __palaver_complete
  palaver --get-yargs-completions (commandline -opc) (commandline -ct) 2>/dev/null | string replace -r ":.*" ""
end
complete -c palaver -a '(__palaver_complete)'`

const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const

export const completion = defineCommand({
  usage: 'completion <shell>',
  summary: 'completion script for a shell',
  flags: {
    shell: { type: 'string', choices: ['bash', 'zsh', 'fish'], demandOption: true, describe: 'bash, zsh or fish' },
  },
  run({ shell }) {
    print(SCRIPTS[shell as keyof typeof SCRIPTS])
  },
})
