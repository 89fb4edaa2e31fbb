// Pages work without this. With it they are up to date, and a session counts, rings and keeps the screen awake.

const main = document.getElementById('main');
const stage = document.getElementById('stage');

// --- What changed elsewhere -----------------------------------------------------------------

const isTouched = () =>
  [...document.querySelectorAll('form')].some(form =>
    [...form.elements].some(field =>
      (field.matches('input:not([type=hidden],[type=checkbox],[type=radio]),textarea') && field.value !== field.defaultValue) ||
      (field.matches('[type=checkbox]') && field.checked !== field.defaultChecked) ||
      (field.matches('select') && field.selectedIndex !== Math.max(0, [...field.options].findIndex(option => option.defaultSelected)))));

const news = () => {
  if (document.getElementById('news')) return;
  const note = document.createElement('div');
  note.id = 'news';
  note.setAttribute('role', 'status');
  const button = document.createElement('button');
  button.className = 'main';
  button.textContent = 'Something changed: show it';
  button.addEventListener('click', () => location.reload());
  note.append(button);
  document.body.append(note);
};

let waiting;
let busy;
const refresh = async () => {
  // An answer to a form is about to come.
  if (busy) return;
  if (isTouched() || document.querySelector('.answer')) return news();
  const address = location.href;
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected || isTouched() || busy || location.href !== address) return;
  const other = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('main');
  if (!other || busy || location.href !== address) return;
  const said = document.getElementById('said');
  const open = [...main.querySelectorAll('details')].map(detail => detail.open);
  const focus = document.activeElement && main.contains(document.activeElement)
    ? [...main.querySelectorAll('a,button,input,select,textarea,summary')].indexOf(document.activeElement) : -1;
  main.replaceChildren(...other.childNodes);
  if (said) document.getElementById('said')?.replaceWith(said);
  const details = [...main.querySelectorAll('details')];
  if (details.length === open.length) details.forEach((detail, index) => { detail.open = open[index]; });
  if (focus >= 0) main.querySelectorAll('a,button,input,select,textarea,summary')[focus]?.focus();
};

// --- Forms: what was typed stays where it was refused ------------------------------------------

const say = (form, markup) => {
  form.querySelector('.answer')?.remove();
  const note = document.createElement('div');
  note.className = 'answer';
  note.tabIndex = -1;
  note.append(...markup);
  form.append(note);
  return note;
};

const alert = (form, words) => {
  const note = Object.assign(document.createElement('p'), { className: 'alert', textContent: words });
  say(form, [note]).focus();
};

// What it says is said once: it has to be shown as it came. A page that a form was answered with has no address of its own.
const turnTo = (page, address) => {
  if (address) {
    const url = new URL(address);
    url.searchParams.delete('said');
    history.pushState(null, '', url);
  }
  document.title = page.title;
  document.body.dataset.live = page.body.dataset.live ?? '';
  for (const part of ['header', 'nav']) document.querySelector(part)?.replaceWith(page.querySelector(part) ?? '');
  main.replaceChildren(...page.getElementById('main').childNodes);
  document.getElementById('news')?.remove();
  shown = location.pathname + location.search;
  scrollTo(0, 0);
  main.focus();
  listen();
};
// Also sent for a link within the page.
let shown = location.pathname + location.search;
addEventListener('popstate', () => { if (location.pathname + location.search !== shown) location.reload(); });

const working = form => {
  const bar = document.createElement('progress');
  bar.setAttribute('aria-label', 'Working');
  const note = say(form, [bar]);
  if (!form.dataset.cancel) return;
  listen('work');
  const button = Object.assign(document.createElement('button'), { type: 'button', textContent: 'Cancel' });
  button.addEventListener('click', () => fetch('/cancel', { method: 'POST', body: new URLSearchParams({ put: form.dataset.cancel }) }));
  note.append(button);
};

const mostBytes = 64 * 1024 * 1024;

document.addEventListener('submit', async event => {
  const form = event.target;
  if (stage || form.method !== 'post' || form.hasAttribute('data-plain')) return;
  event.preventDefault();
  // Two taps are one.
  if (busy) return;
  const data = new FormData(form, event.submitter);
  const isUpload = form.enctype === 'multipart/form-data';
  if (isUpload && [...data.values()].some(value => value.size > mostBytes)) return alert(form, 'At most 64 MiB are taken at once.');
  busy = form;
  const wait = setTimeout(() => working(form), 400);
  try {
    const answer = await fetch(form.action, { method: 'POST', body: isUpload ? data : new URLSearchParams(data) });
    // It was done, whatever the next page says.
    if (answer.redirected && (!answer.ok || new URL(answer.url).pathname === '/session')) return location.assign(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (answer.ok) return turnTo(page, answer.redirected ? answer.url : null);
    const words = page.querySelectorAll('.alert, main > p');
    for (const element of words) element.removeAttribute('role');
    say(form, words).focus();
  } catch {
    alert(form, 'The program does not answer: nothing is known of whether it was done. Is it still running?');
  } finally {
    clearTimeout(wait);
    form.querySelector('.answer progress')?.closest('.answer').remove();
    busy = undefined;
  }
});

// --- Files that are dropped onto a form -------------------------------------------------------

const formOf = event => event.target.closest?.('form.drop') ?? (document.querySelectorAll('form.drop').length === 1 ? document.querySelector('form.drop') : null);
for (const name of ['dragover', 'dragleave', 'drop']) {
  document.addEventListener(name, event => {
    const form = formOf(event);
    if (![...event.dataTransfer.types].includes('Files')) return;
    // Else the browser would leave the page, and what was typed.
    event.preventDefault();
    if (!form) return;
    form.classList.toggle('over', name === 'dragover');
    if (name !== 'drop') return;
    if (event.dataTransfer.files.length !== 1) return alert(form, 'One file at a time, please.');
    form.querySelector('input[type=file]').files = event.dataTransfer.files;
    form.requestSubmit();
  });
}

// --- A session ------------------------------------------------------------------------------

let sound;
const ring = (pitch, times) => {
  navigator.vibrate?.(times > 1 ? [200, 100, 200] : 200);
  if (!sound || sound.state !== 'running') return;
  for (let index = 0; index < times; index += 1) {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.2;
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + index * 0.25);
    tone.stop(sound.currentTime + index * 0.25 + 0.15);
  }
};
// Browsers let a page ring only once it was touched.
addEventListener('pointerdown', () => { sound ??= new AudioContext(); sound.resume(); }, { passive: true });

let lock;
const stayAwake = async () => {
  if (!stage || lock || document.visibilityState !== 'visible') return;
  try {
    lock = await navigator.wakeLock?.request('screen');
    lock?.addEventListener('release', () => { lock = undefined; });
  } catch { /* the battery is low, or it may not */ }
};

const phase = () => stage?.querySelector('[data-phase]')?.dataset.phase;
const show = markup => {
  const before = phase();
  const focus = document.activeElement?.value;
  const other = new DOMParser().parseFromString(markup, 'text/html');
  const over = other.getElementById('over');
  if (over) return location.assign(over.getAttribute('href'));
  stage.replaceChildren(...other.body.childNodes);
  if (focus) [...stage.querySelectorAll('button')].find(button => button.value === focus)?.focus();
  const now = phase();
  if (now === before) return;
  if (now === 'pressing') ring(880, 1);
  if (before === 'pressing') ring(587, 2);
};

if (stage) {
  stayAwake();
  document.addEventListener('visibilitychange', stayAwake);
  stage.addEventListener('submit', async event => {
    event.preventDefault();
    const fields = new URLSearchParams(new FormData(event.target, event.submitter));
    fields.set('fragment', 'yes');
    try {
      const answer = await fetch(event.target.action, { method: 'POST', body: fields });
      if (answer.ok) return show(await answer.text());
    } catch { /* the server is gone: the page says so below */ }
    location.reload();
  });
}

// --- Events ---------------------------------------------------------------------------------

let events;
function listen(live = document.body.dataset.live) {
  if (!live || events) return;
  events = new EventSource(`/events?page=${encodeURIComponent(live)}`);
  events.addEventListener('changed', () => {
    if (stage || !document.body.dataset.live) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => refresh().catch(() => {}), 150);
  });
  events.addEventListener('stage', event => stage && show(event.data));
  events.addEventListener('over', event => stage && event.data.startsWith('/record/') && location.assign(event.data));
  events.addEventListener('time', event => {
    const left = document.getElementById('left');
    if (left) left.textContent = `${Math.floor(event.data / 60)}:${String(event.data % 60).padStart(2, '0')}`;
  });
  events.addEventListener('progress', event => {
    const [done, total] = event.data.split(' ').map(Number);
    const bar = document.querySelector('progress');
    if (bar && total) Object.assign(bar, { max: total, value: Math.max(bar.value, done) });
  });
}
listen();
