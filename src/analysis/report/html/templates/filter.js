(() => {
  const bar = document.getElementById('filter');
  const text = document.getElementById('filter-text');
  const onlyNew = document.getElementById('filter-new');
  const count = document.getElementById('filter-count');
  const boxes = [...bar.querySelectorAll('input[name=severity]')];
  const items = [...document.querySelectorAll('.item')].map((element) => {
    const group = element.closest('.group');
    const about = `${group.querySelector('h4').textContent} ${group.querySelector('.source').textContent}`;
    const words = `${element.querySelector('summary').textContent} ${about}`.toLowerCase();
    return { element, words };
  });
  const isShown = (element) => !element.hidden;

  function apply() {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const levels = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    for (const { element, words } of items) {
      const fits =
        levels.has(element.dataset.severity) &&
        (!onlyNew?.checked || element.dataset.new === 'yes') &&
        wanted.every((word) => words.includes(word));
      element.hidden = !fits;
      shown += fits ? 1 : 0;
    }
    for (const selector of ['.fold', '.group', '.kind', '.drawer']) {
      for (const part of document.querySelectorAll(selector)) {
        part.hidden = ![...part.querySelectorAll('.item')].some(isShown);
      }
    }
    const isFiltered = shown < items.length;
    if (isFiltered && wanted.length > 0) {
      document.querySelectorAll('.fold, .drawer').forEach((part) => (part.open = true));
    }
    count.textContent = isFiltered ? `${shown} of ${items.length} shown` : `${items.length} shown`;
  }

  if (items.length > 0) {
    bar.hidden = false;
    bar.addEventListener('input', apply);
    apply();
  }

  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('.kind > .group > .item:not([open])')];
    opened.forEach((part) => (part.open = true));
  });
  addEventListener('afterprint', () => opened.forEach((part) => (part.open = false)));
})();
