// Whether the command palette is open; whoever wants it asks here.
class Palette {
  open = $state(false);

  show(): void {
    this.open = true;
  }
}

export const palette = new Palette();
