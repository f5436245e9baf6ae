// Before anything is painted: the theme that was chosen here, else that of the system.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('pactor-theme');
  } catch (none) {
    // A browser that keeps nothing follows the system.
  }
  if (chosen === 'light' || chosen === 'dark') {
    document.documentElement.dataset.theme = chosen;
  }
})();
