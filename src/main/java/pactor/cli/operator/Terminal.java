package pactor.cli.operator;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Help.Ansi;

/** Where a command is run: by a person on a terminal, or by a script. */
interface Terminal {

    /** Whether a person sees what is printed, and can be asked. */
    boolean isThere();

    /** Whether texts are coloured: on a terminal, unless {@code NO_COLOR} is set. */
    boolean isColoured();

    /** In columns; 0 if there is no terminal. */
    int width();

    /** In lines; 0 if there is no terminal. */
    int height();

    /** What the person types in answer to {@code question}; empty if there is nobody. */
    String ask(String question, PrintWriter out);

    /** That of this process. */
    static Terminal ofProcess(Map<String, String> environment) {
        return new OfProcess(environment);
    }

    /** The terminal that this process was started on. */
    final class OfProcess implements Terminal {

        private static final int USUAL_WIDTH = 80;
        private static final int USUAL_HEIGHT = 24;

        private final Map<String, String> environment;

        private OfProcess(Map<String, String> environment) {
            this.environment = environment;
        }

        @Override
        public boolean isThere() {
            return System.console() != null && !"dumb".equals(environment.get("TERM"));
        }

        @Override
        public boolean isColoured() {
            return Ansi.AUTO.enabled();
        }

        @Override
        public int width() {
            return isThere() ? size(1, "COLUMNS", USUAL_WIDTH) : 0;
        }

        @Override
        public int height() {
            return isThere() ? size(0, "LINES", USUAL_HEIGHT) : 0;
        }

        @Override
        public String ask(String question, PrintWriter out) {
            out.print(question);
            out.flush();
            String line = System.console() == null ? null : System.console().readLine();
            return line == null ? "" : line.strip();
        }

        /** As {@code stty size} says, {@code 24 80}; the JDK does not know it. */
        private int size(int index, String variable, int usual) {
            try {
                Process stty = new ProcessBuilder(List.of("stty", "size"))
                    .redirectInput(new File("/dev/tty")).start();
                try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        stty.getInputStream(), StandardCharsets.US_ASCII))) {
                    String line = lines.readLine();
                    stty.waitFor(1, TimeUnit.SECONDS);
                    int said = line == null ? 0 : Integer.parseInt(line.split(" ")[index]);
                    return said > 0 ? said : usual;
                }
            } catch (IOException | RuntimeException unknown) {
                String said = environment.getOrDefault(variable, "");
                return said.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(said) : usual;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                return usual;
            }
        }
    }
}
