package pactor.cli.operator;

import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A terminal with a person who types what was foreseen, or none at all. */
final class TestTerminal implements Terminal {

    private final Deque<String> typed = new ArrayDeque<>();
    private boolean isThere;
    private int width;
    private boolean isColoured;

    /** Somebody sits there, and will type this. */
    void type(String... answers) {
        isThere = true;
        typed.addAll(List.of(answers));
    }

    void show(int columns, boolean coloured) {
        isThere = true;
        width = columns;
        isColoured = coloured;
    }

    @Override
    public boolean isThere() {
        return isThere;
    }

    @Override
    public boolean isColoured() {
        return isColoured;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return isThere ? 24 : 0;
    }

    @Override
    public String ask(String question, PrintWriter out) {
        out.print(question);
        out.flush();
        return typed.remove();
    }
}
