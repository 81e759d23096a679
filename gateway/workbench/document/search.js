// Shows the rows that hold every word that was typed, and the groups they stand in. Works without any network.
(() => {
  const box = document.getElementById("find");
  const must = document.getElementById("must");
  const said = document.getElementById("found");
  if (!box) return;
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const rows = [...document.querySelectorAll("tr[data-depth]")].map((row) => ({
    row,
    depth: Number(row.dataset.depth),
    text: plain(row.textContent),
    value: row.dataset.value === "yes",
    needed: row.dataset.need !== "no",
  }));
  const show = () => {
    const words = plain(box.value).split(/\s+/).filter(Boolean);
    const all = words.length === 0 && !must.checked;
    const open = [];
    let count = 0;
    for (const one of rows) {
      while (open.length && open[open.length - 1].depth >= one.depth) open.pop();
      const fits = words.every((word) => one.text.includes(word)) && (!must.checked || (one.value && one.needed));
      one.row.hidden = !(all || fits);
      if (fits && one.value) count += 1;
      if (fits) open.forEach((above) => { above.row.hidden = false; });
      open.push(one);
    }
    said.textContent = said.dataset.text.replace("{count}", String(count));
  };
  box.addEventListener("input", show);
  must.addEventListener("change", show);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== box) { event.preventDefault(); box.focus(); }
    if (event.key === "Escape" && document.activeElement === box) { box.value = ""; show(); }
  });
  const asked = new URLSearchParams(location.search).get("q") || "";
  if (asked) box.value = asked;
  show();
})();
