"use strict";
/* Lists that can be searched, narrowed and sorted. A page reads whole without this; nothing is fetched, kept or sent:
   what is chosen stands behind #? in the address. */
(() => {
  const plain = text => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const chosen = () => new URLSearchParams(location.hash.startsWith("#?") ? location.hash.slice(2) : "");

  function make(tag, attributes, ...content) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...content);
    return made;
  }

  function menu(label, options) {
    const select = make("select", {}, ...options.map(([value, text]) => make("option", { value }, text)));
    return [select, make("label", {}, label, select)];
  }

  function keep(name, part, value) {
    const all = chosen(), key = part ? `${name}.${part}` : name;
    if (value) all.set(key, value);
    else all.delete(key);
    const text = all.toString();
    history.replaceState(null, "", text ? `#?${text}` : location.pathname + location.search);
  }

  function start(list) {
    const { list: name, one, many, label, shows, more } = list.dataset;
    const items = [...list.querySelectorAll("[data-item]")].map((node, place) => ({
      node, place, text: plain(node.textContent), show: node.dataset.show, title: plain(node.querySelector("a, th").textContent),
    }));
    const sorts = Object.entries(list.dataset).filter(([key]) => key.startsWith("by"));
    const words = make("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    const kinds = [...new Set(items.map(item => item.show))].filter(Boolean);
    const [show, showLabel] = menu(shows, [["", "all"], ...kinds.map(kind => [kind, kind])]);
    const [sort, sortLabel] = menu("Sort", [["", "as listed"], ...sorts.map(([key, text]) => [key.slice(2).toLowerCase(), text])]);
    const clear = make("button", { type: "button" }, "Clear");
    const count = make("p", { role: "status" });
    const further = make("a", { href: more || "" }, "Look among trials and claims too");
    const bar = make("div", { class: "find", role: "search", "aria-label": label }, make("label", {}, "Find", words));
    if (kinds.length > 1) bar.append(showLabel);
    if (sorts.length) bar.append(sortLabel);
    bar.append(clear, count);
    if (more) bar.append(further);
    list.prepend(bar);

    function order(a, b) {
      if (sort.value === "name") return a.title.localeCompare(b.title) || a.place - b.place;
      const size = item => Number(item.node.dataset[sort.value] || -1);
      return sort.value ? size(b) - size(a) || a.place - b.place : a.place - b.place;
    }

    function draw() {
      const wanted = plain(words.value).split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const item of items) {
        const fits = wanted.every(word => item.text.includes(word)) && (!show.value || item.show === show.value);
        item.node.hidden = !fits;
        shown += fits;
      }
      if (sorts.length) for (const item of [...items].sort(order)) item.node.parentNode.append(item.node);
      for (const group of list.querySelectorAll("[data-group]")) group.hidden = !group.querySelector("[data-item]:not([hidden])");
      const all = `${items.length} ${items.length === 1 ? one : many}`;
      count.textContent = shown === items.length ? all : `${shown} of ${all}`;
      clear.hidden = !(words.value || show.value || sort.value);
      further.hidden = !words.value.trim();
      if (more) further.href = `${more}#?${new URLSearchParams({ all: words.value })}`;
    }

    function read() {
      const all = chosen();
      words.value = all.get(name) || "";
      for (const [select, part] of [[show, "show"], [sort, "sort"]]) {
        const value = all.get(`${name}.${part}`) || "";
        select.value = [...select.options].some(option => option.value === value) ? value : "";
      }
      draw();
    }

    function changed() {
      keep(name, "", words.value.trim());
      keep(name, "show", show.value);
      keep(name, "sort", sort.value);
      draw();
    }

    words.addEventListener("input", changed);
    show.addEventListener("change", changed);
    sort.addEventListener("change", changed);
    clear.addEventListener("click", () => { words.value = show.value = sort.value = ""; changed(); words.focus(); });
    addEventListener("hashchange", () => location.hash.startsWith("#?") && read());
    read();
  }

  document.querySelectorAll("[data-list]").forEach(start);
})();
