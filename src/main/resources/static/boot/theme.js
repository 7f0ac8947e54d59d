// Runs before the first paint, so that no page flashes in the wrong theme.
(() => {
  let choice = 'system';
  try {
    choice = localStorage.getItem('faultscope.theme') ?? 'system';
  } catch {
    // Storage may be forbidden; the system's theme will do.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
