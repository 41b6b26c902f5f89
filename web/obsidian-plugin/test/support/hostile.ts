// Texts that try to do something where they are shown. None of them may.
export const HOSTILE = [
  '<img src=x onerror="window.owned=1"><script>window.owned=1</script>',
  '![[../secrets]] [[note]] ![x](https://evil.example/pixel.png)',
  '```\n```dataviewjs\nwindow.owned = 1\n```\n`````',
  '<% tp.file.delete() %> {{title}} `= this.file.path` `$= dv.x`',
  '---\nowp-task: t_other\n---\n# heading\n- [ ] task #tag ^id %%hidden%% $$x$$',
  'a\u202eb\u200bc\n\n> [!danger] said by nobody',
];
