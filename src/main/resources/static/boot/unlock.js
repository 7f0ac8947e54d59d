// Takes the token out of the address's fragment, exchanges it for the cookie, opens the page that was asked for.
const what = /** @type {HTMLElement} */ (document.getElementById('what'));
const parts = location.hash.replace(/^#/, '').split('&');
const token = parts.find((part) => part.startsWith('token='))?.slice('token='.length);
const rest = parts.filter((part) => part !== '' && !part.startsWith('token=')).join('&');

/**
 * Loads the page anew under an address that differs by an empty query. A reload would repeat the foreign link that led
 * here, and strict cookies do not travel with that.
 */
function enter() {
  const query = location.search !== '' ? `${location.search}&` : location.href.includes('?') ? '' : '?';
  location.replace(location.pathname + query + location.hash);
}

async function unlock() {
  if (token === undefined) {
    const known = await fetch('/auth');
    if (known.ok) {
      enter();
    }
    return;
  }
  history.replaceState(null, '', location.pathname + location.search + (rest === '' ? '' : `#${rest}`));
  const answer = await fetch('/auth', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  if (answer.ok) {
    location.reload();
  } else {
    const problem = await answer.json();
    what.textContent = problem.detail;
  }
}

unlock().catch(() => {
  what.textContent = 'The program does not answer. Is it still running?';
});

// A link pasted into this very page changes the fragment only.
addEventListener('hashchange', () => location.reload());
