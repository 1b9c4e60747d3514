# zsh -f typeInZsh.zsh COMPLETIONS TYPED: an interactive zsh loads the file, gets what is typed and a Tab; each word that it
# offers is a line, and then the line as it stands. (-O, -A and -D of compadd only look up.)
zmodload zsh/zpty
offers=$(mktemp)
zpty shell zsh -f -i
zpty -w shell "
autoload -Uz compinit; compinit -u -D; source ${(q)1} 2>> $offers
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]]; then builtin compadd \"\$@\"; return; fi
  local -a words
  builtin compadd -O words \"\$@\"
  (( \$#words )) && print -rl -- \$words >> $offers
  builtin compadd \"\$@\"
}
tab() { zle complete-word; print -r -- \"= \$BUFFER\" >> $offers }
zle -N tab; bindkey '^I' tab; print '= ' >> $offers"
until grep -q '^= ' $offers; do sleep 0.05; done
zpty -w -n shell "$2"$'\t'
until [[ $(grep -c '^= ' $offers) -gt 1 ]]; do sleep 0.05; done
grep -v '^= $' $offers
rm $offers
zpty -d shell
