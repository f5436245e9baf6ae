package transaction;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A story in a text file: what happens, a line of dashes, and what comes of it; then the next. The
 * first lines say in words what it is about.
 *
 * <p>Besides the commands of {@link Phrase} there are {@code wait 10s}, in which the host looks
 * whenever the transaction asked it to, and {@code crash}.
 *
 * @param name the file's name without its ending
 * @param about the comment at its top, with its line ends
 * @param commands what happens, a line each
 * @param text the whole file
 */
record Scenario(String name, String about, List<String> commands, String text) {

    private static final Path FOLDER = Path.of("src/test/resources/scenarios");

    /** All of them, by name. */
    static List<Scenario> all() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted()
                .map(Scenario::read).toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Scenario read(Path file) {
        try {
            String text = Files.readString(file);
            StringBuilder about = new StringBuilder();
            text.lines().takeWhile(line -> line.startsWith("#"))
                .forEach(line -> about.append(line).append('\n'));
            List<String> commands = new ArrayList<>();
            String before = "";
            for (String line : text.lines().toList()) {
                if (line.equals("----")) {
                    commands.add(before);
                }
                before = line;
            }
            String name = file.getFileName().toString().replace(".txt", "");
            return new Scenario(name, about.toString(), List.copyOf(commands), text);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Plays it and writes down what came of each command, the way the file should read. */
    String played(Story story) {
        StringBuilder transcript = new StringBuilder(about);
        List<Status> waiting = new ArrayList<>();
        String gap = "";
        for (String command : commands) {
            transcript.append(gap).append(command).append("\n----\n");
            for (String line : play(story, command, waiting)) {
                transcript.append(line).append('\n');
            }
            gap = "\n";
        }
        return transcript.toString();
    }

    /** Plays it with {@code crashes} crashes after the command of that index. */
    Story playedWithCrash(int index, int crashes) {
        Story story = new Story();
        for (int i = 0; i < commands.size(); i++) {
            play(story, commands.get(i), new ArrayList<>());
            for (int crash = 0; (i == index || index < 0) && crash < crashes; crash++) {
                story.crash();
            }
        }
        return story;
    }

    private static List<String> play(Story story, String command, List<Status> waiting) {
        List<String> lines = new ArrayList<>();
        if (command.startsWith("wait ")) {
            await(story, Duration.parse("PT" + command.substring(5).toUpperCase()), lines, waiting);
        } else if (command.equals("crash")) {
            waiting.clear();
            story.crash();
            tell(story, new Command.Resume(), lines, waiting);
        } else {
            Command said = Phrase.command(command);
            story.say(said);
            tell(story, said, lines, waiting);
        }
        return lines;
    }

    /** Lets the clock run, and looks whenever the transaction wants to be looked at. */
    private static void await(
            Story story, Duration wait, List<String> lines, List<Status> waiting) {
        Instant until = story.now().plus(wait);
        while (story.last().lookAgainAt() != null
                && !story.last().lookAgainAt().isAfter(until)) {
            story.wake();
            tell(story, new Command.Resume(), lines, waiting);
        }
        story.later(Duration.between(story.now(), until));
    }

    private static void tell(
            Story story, Command command, List<String> lines, List<Status> waiting) {
        Decision decision = story.last();
        lines.addAll(Transcript.lines(decision, command, story.now()));
        if (decision.awaits() != null) {
            waiting.add(decision.awaits());
        }
        if (decision.endsPass()) {
            waiting.forEach(hoped ->
                lines.add("answer " + Transcript.of(decision.replyTo(hoped))));
            waiting.clear();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
