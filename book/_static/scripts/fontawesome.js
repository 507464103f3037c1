// In place of the theme's file of that name (1.5 MB), which is there for icons that a book adds. This book adds none;
// the theme's own icons come from its font.
