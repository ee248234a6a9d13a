"use strict";
(() => {
  // The subset of Markdown that Teams shows in cards: bold, italic, lists, links, backslash escapes. Everything else is text.
  const escapeHtml = text => text.replace(/[&<>"']/g, c => `&#${c.charCodeAt(0)};`);

  function inline(text) {
    let html = "";
    let i = 0;
    while (i < text.length) {
      const rest = text.slice(i);
      let match;
      if ((match = /^\\([!-\/:-@[-`{-~])/.exec(rest))) {
        html += escapeHtml(match[1]);
      } else if ((match = /^\*\*((?:\\.|[^*\\])+)\*\*/.exec(rest))) {
        html += `<strong>${inline(match[1])}</strong>`;
      } else if ((match = /^_((?:\\.|[^_\\])+)_(?![A-Za-z0-9])/.exec(rest)) && !/[A-Za-z0-9]/.test(text[i - 1] ?? "")) {
        html += `<em>${inline(match[1])}</em>`;
      } else if ((match = /^\[((?:\\.|[^\]\\])+)\]\((https:\/\/[^\s()<>"']+)\)/.exec(rest))) {
        html += `<a href="${escapeHtml(match[2])}" target="_blank" rel="noopener noreferrer">${inline(match[1])}</a>`;
      } else {
        match = [rest[0]];
        html += escapeHtml(rest[0]);
      }
      i += match[0].length;
    }
    return html;
  }

  function markdown(text) {
    return text.split(/\n\n+/).map(block => {
      const lines = block.split("\n");
      for (const [tag, item] of [["ul", /^[-*+] (.*)$/], ["ol", /^\d+\. (.*)$/]]) {
        if (lines.every(line => item.test(line))) {
          // A list that a paragraph interrupts goes on with its own number.
          const start = tag === "ol" ? ` start="${parseInt(lines[0], 10)}"` : "";
          return `<${tag}${start}>${lines.map(line => `<li>${inline(item.exec(line)[1])}</li>`).join("")}</${tag}>`;
        }
      }
      return `<p>${lines.map(inline).join("<br>")}</p>`;
    }).join("");
  }

  AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = markdown(text);
    result.didProcess = true;
  };

  const light = {
    text: "#242424", subtle: "#616161", accent: "#4f52b2", good: "#237b4b", warning: "#835b00", attention: "#b10e1c",
    page: "#ffffff", emphasis: "#f5f5f5", accentArea: "#ebebff", goodArea: "#e7f2da", warningArea: "#fbeecb", attentionArea: "#fce4e6", line: "#d1d1d1",
  };
  const dark = {
    text: "#ffffff", subtle: "#adadad", accent: "#aab1fa", good: "#92c353", warning: "#f8d22a", attention: "#ff99a4",
    page: "#292929", emphasis: "#333333", accentArea: "#383966", goodArea: "#2f3d22", warningArea: "#463a12", attentionArea: "#4f2227", line: "#525252",
  };

  function hostConfig(c) {
    const color = (value, subtle) => ({ default: value, subtle: subtle ?? value });
    const foregroundColors = {
      default: color(c.text, c.subtle), dark: color(c.text, c.subtle), light: color(c.subtle), accent: color(c.accent),
      good: color(c.good), warning: color(c.warning), attention: color(c.attention),
    };
    const area = backgroundColor => ({ backgroundColor, borderColor: c.line, foregroundColors });
    return new AdaptiveCards.HostConfig({
      fontFamily: "'Segoe UI', system-ui, 'Noto Sans', sans-serif",
      spacing: { small: 4, default: 8, medium: 12, large: 16, extraLarge: 24, padding: 16 },
      separator: { lineThickness: 1, lineColor: c.line },
      fontTypes: {
        default: { fontFamily: "'Segoe UI', system-ui, 'Noto Sans', sans-serif", fontSizes: { small: 12, default: 14, medium: 16, large: 20, extraLarge: 24 }, fontWeights: { lighter: 300, default: 400, bolder: 600 } },
        monospace: { fontFamily: "'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace", fontSizes: { small: 12, default: 13, medium: 14, large: 16, extraLarge: 20 }, fontWeights: { lighter: 300, default: 400, bolder: 600 } },
      },
      containerStyles: {
        default: area(c.page), emphasis: area(c.emphasis), accent: area(c.accentArea), good: area(c.goodArea), warning: area(c.warningArea), attention: area(c.attentionArea),
      },
      actions: { maxActions: 6, spacing: "Default", buttonSpacing: 8, actionsOrientation: "Horizontal", actionAlignment: "Left" },
      table: { cellSpacing: 6 },
      factSet: {
        title: { color: "Default", size: "Default", isSubtle: true, weight: "Default", wrap: true, maxWidth: 180 },
        value: { color: "Default", size: "Default", isSubtle: false, weight: "Default", wrap: true },
        spacing: 16,
      },
      textStyles: { heading: { size: "Large", weight: "Bolder" }, columnHeader: { weight: "Bolder" } },
    });
  }

  const cards = JSON.parse(document.getElementById("cards").textContent);
  const places = document.querySelectorAll(".card");

  function show(theme) {
    document.documentElement.dataset.theme = theme;
    cards.forEach((json, i) => {
      const card = new AdaptiveCards.AdaptiveCard();
      card.hostConfig = hostConfig(theme === "dark" ? dark : light);
      card.onExecuteAction = action => {
        if (action instanceof AdaptiveCards.OpenUrlAction && action.url.startsWith("https://")) {
          window.open(action.url, "_blank", "noopener,noreferrer");
        }
      };
      card.parse(json);
      places[i].replaceChildren(card.render());
    });
  }

  const wish = new URLSearchParams(location.search).get("theme");
  show(wish ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  document.querySelector("button.theme").addEventListener("click", () => show(document.documentElement.dataset.theme === "dark" ? "light" : "dark"));
})();
