package docs;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The commands of a page that are to be run, as a reader would run them, and what they answer. */
final class Script {

    /**
     * Run it and compare its answer; {@code run: 409} if that is the status of the answer, and
     * {@code run: 1} if that is the exit code of the command.
     */
    static final String RUN = "run";

    /** Kill the server without warning and start it again on the same data. */
    static final String RESTART = "kill and start again";

    /** Stop the server, and run this while it is stopped. */
    static final String STOPPED = "stop, then run";

    static final Set<String> MARKS = Set.of(RUN, RESTART, STOPPED);

    private Script() {}

    /**
     * The commands of one block.
     *
     * @param how one of {@link #MARKS}
     * @param status the HTTP status of the last answer, or the exit code of the last command; if
     *     nothing is said, 200
     * @param commands the words of each
     * @param answer all that they answer together; empty if the page does not show it
     */
    record Step(
            Page.Block block,
            String how,
            int status,
            List<List<String>> commands,
            String answer) {}

    /** The marked blocks of {@code page}, in order. */
    static List<Step> of(Page page) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < page.blocks().size(); i++) {
            Page.Block block = page.blocks().get(i);
            String[] mark = block.mark().split(": ", 2);
            if (!block.isShell() || !MARKS.contains(mark[0])) {
                continue;
            }
            boolean answered = i + 1 < page.blocks().size()
                && Set.of("json", "text").contains(page.blocks().get(i + 1).language());
            List<List<String>> commands = commands(block.text());
            commands.stream().filter(words -> words.get(0).equals("curl")).forEach(Script::curl);
            steps.add(new Step(block, mark[0], mark.length == 1 ? 200 : Integer.parseInt(mark[1]),
                commands, answered ? page.blocks().get(i + 1).text() : ""));
        }
        return steps;
    }

    /**
     * The request that this curl makes.
     *
     * @throws IllegalArgumentException if it uses something that is not read here
     */
    static HttpRequest curl(List<String> words) {
        String method = "";
        String body = null;
        URI url = null;
        for (int i = 1; i < words.size(); i++) {
            String word = words.get(i);
            switch (word) {
                case "-s" -> { }
                case "-X" -> method = words.get(++i);
                case "-d" -> body = words.get(++i);
                default -> {
                    if (word.startsWith("-") || url != null) {
                        throw new IllegalArgumentException("curl is not read with " + word);
                    }
                    url = URI.create(word);
                }
            }
        }
        if (method.isEmpty()) {
            method = body == null ? "GET" : "POST";
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url);
        if (body == null) {
            return request.method(method, BodyPublishers.noBody()).build();
        }
        // What curl sends when it is told nothing else; the line breaks in -d go unchanged.
        return request.header("Content-Type", "application/x-www-form-urlencoded")
            .method(method, BodyPublishers.ofString(body)).build();
    }

    /**
     * Commands and their words, as a shell reads them, as far as the pages need it.
     *
     * @throws IllegalArgumentException at whatever a shell would take for more than a word
     */
    static List<List<String>> commands(String text) {
        List<List<String>> commands = new ArrayList<>();
        List<String> words = new ArrayList<>();
        StringBuilder word = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\'' || c == '"') {
                int end = text.indexOf(c, i + 1);
                word = (word == null ? new StringBuilder() : word).append(text, i + 1, end);
                i = end;
            } else if (c == '\\' && text.charAt(i + 1) == '\n') {
                i++;
            } else if (c == ' ' || c == '\n') {
                if (word != null) {
                    words.add(word.toString());
                    word = null;
                }
                if (c == '\n' && !words.isEmpty()) {
                    commands.add(List.copyOf(words));
                    words.clear();
                }
            } else if ("?*&|;<>()$`\\#~".indexOf(c) >= 0) {
                throw new IllegalArgumentException("needs quotes for some shells: " + c
                    + " in:\n" + text);
            } else {
                word = (word == null ? new StringBuilder() : word).append(c);
            }
        }
        return commands;
    }
}
