package bench.failover;

import java.util.Locale;

/** Writes SVG that needs neither a script nor a font of its own, for light and dark. */
final class Svg {

    private static final String STYLE = """
        <style>
        text { font: 12px -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif;
          fill: #1f2328 }
        .title { font-size: 15px; font-weight: 600 }
        .soft { fill: #59636e } .small { font-size: 10.5px }
        .end { text-anchor: end } .mid { text-anchor: middle }
        .page { fill: #ffffff; stroke: #d1d9e0 } .lane { fill: #f6f8fa }
        .grid { stroke: #d1d9e0; stroke-width: 1; fill: none }
        .mark { stroke: #59636e; stroke-width: 1; stroke-dasharray: 3 3; fill: none }
        .event { stroke: #cf222e; stroke-width: 1.5; fill: none }
        .band { fill: #2da44e; fill-opacity: .28 }
        .median { stroke: #1a7f37; stroke-width: 1.2; fill: none }
        .slow { fill: #8250df } .refused { fill: #bf8700 } .none { fill: #cf222e }
        .alive { fill: #2da44e } .starting { fill: #bf8700 } .gone { fill: #afb8c1 }
        .waiting { fill: #0969da; fill-opacity: .18; stroke: #0969da; stroke-width: 1.5 }
        @media (prefers-color-scheme: dark) {
          text { fill: #e6edf3 } .soft { fill: #9198a1 }
          .page { fill: #0d1117; stroke: #3d444d } .lane { fill: #151b23 }
          .grid { stroke: #3d444d } .mark { stroke: #9198a1 } .event { stroke: #f85149 }
          .band { fill: #3fb950 } .median { stroke: #3fb950 }
          .slow { fill: #ab7df8 } .refused { fill: #d29922 } .none { fill: #f85149 }
          .alive { fill: #3fb950 } .starting { fill: #d29922 } .gone { fill: #3d444d }
          .waiting { fill: #4493f8; stroke: #4493f8 }
        }
        </style>
        """;

    private final StringBuilder text = new StringBuilder();
    private final int width;
    private final int height;

    Svg(int width, int height, String title) {
        this.width = width;
        this.height = height;
        text.append(String.format(Locale.ROOT, "<svg xmlns=\"http://www.w3.org/2000/svg\" "
            + "width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\" role=\"img\">\n"
            + "<title>%3$s</title>\n", width, height, escaped(title))).append(STYLE);
        add("<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"8\"/>",
            width - 1, height - 1);
    }

    void rect(String style, double x, double y, double w, double h) {
        add("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"/>",
            style, x, y, Math.max(0, w), h);
    }

    void line(String style, double x1, double y1, double x2, double y2) {
        add("<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>", style, x1, y1, x2, y2);
    }

    /** @param path as the attribute {@code d} has it */
    void path(String style, CharSequence path) {
        add("<path class=\"%s\" d=\"%s\"/>", style, path);
    }

    void dot(String style, double x, double y) {
        add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"2\"/>", style, x, y);
    }

    void text(String style, double x, double y, String words) {
        add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", style, x, y, escaped(words));
    }

    private void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    static String escaped(String words) {
        return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    @Override
    public String toString() {
        return text + "</svg>\n";
    }
}
