package demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Sets the stage, plays the stories one after another, checks each, and clears everything away,
 * whatever happened and also if the user interrupts.
 */
final class Demo implements AutoCloseable {

    /** What each bank begins with, in cents. */
    private static final long START_CENTS = 10_000;

    private final Screen screen;
    private final Timeline timeline = new Timeline();
    private final Path root;
    private final CoordinatorChild coordinator;
    private final List<Bank> banks = new ArrayList<>();
    private final List<Story> stories = List.of(new SagaStory(), new RefusedSagaStory(),
            new TccStory(), new XaStory(), new MessageStory(), new WorkflowStory(),
            new KillStory());
    private final Thread atExit = new Thread(this::close, "demo-clears-away");
    private boolean closed;

    Demo(Screen screen) throws IOException {
        this.screen = screen;
        this.root = Files.createTempDirectory("pactor-demo-");
        this.coordinator = new CoordinatorChild(root.resolve("coordinator"));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Plays all. @return whether all ended as it should; if not, the page says what did not */
    boolean run() throws InterruptedException {
        long began = System.nanoTime();
        screen.line("Three banks with an H2 database each, a coordinator in a process of its own, "
                + stories.size() + " transactions.");
        screen.faint("Starting the banks and the coordinator; that takes some seconds.");
        try {
            Stage stage = set();
            for (int i = 0; i < stories.size(); i++) {
                screen.title((i + 1) + "  " + stories.get(i).title());
                play(stage, stories.get(i));
            }
            screen.line("");
            screen.good("All %d ended as they should; the banks hold %s, as before. It took %.1f s."
                    .formatted(stories.size(), Money.text(Screen.sum(balances())), seconds(began)));
            screen.line("Next: bin/pactor serves on http://127.0.0.1:8080. docs/start.md goes on"
                    + " with a bank that you call by curl.");
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (!isClosed()) {
                screen.story(timeline);
                screen.bad("  FAILED      " + (e.getMessage() == null ? e : e.getMessage()));
                screen.line("  the coordinator printed last:");
                coordinator.log().forEach(line -> screen.faint("    " + line));
            }
            return false;
        }
    }

    /** Ends the processes, closes the databases, deletes the files. Safe to call again. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        coordinator.close();
        stories.forEach(Story::close);
        for (Bank bank : List.copyOf(banks)) {
            try {
                bank.close();
            } catch (SQLException e) {
                screen.bad("could not close " + bank.name() + ": " + e.getMessage());
            }
        }
        try {
            delete(root);
        } catch (IOException e) {
            screen.bad("could not delete " + root + ": " + e);
        }
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: this is the hook, or runs beside it.
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private Stage set() throws Exception {
        long began = System.nanoTime();
        coordinator.start();
        screen.faint("Coordinator: pid %d at %s, up after %.1f s"
                .formatted(coordinator.pid(), coordinator.url(), seconds(began)));
        String api = coordinator.url() + "/api/dtmsvr";
        Stage stage = new Stage(coordinator, new DemoClient("initiator", api, timeline),
                open("Amber", api), open("Birch", api), open("Cedar", api), timeline);
        screen.faint("Banks:       Amber, Birch and Cedar, with %s each"
                .formatted(Money.text(START_CENTS)));
        screen.faint("Files:       " + root + ", deleted at the end");
        return stage;
    }

    private synchronized Bank open(String name, String api) throws IOException, SQLException {
        Stage.check(!closed, "the demo goes on");
        Bank bank = new Bank(new DemoClient(name, api, timeline),
                root.resolve(name.toLowerCase(Locale.ROOT)), START_CENTS, timeline);
        banks.add(bank);
        return bank;
    }

    private void play(Stage stage, Story story) throws Exception {
        List<Long> before = balances();
        timeline.begin();
        long began = System.nanoTime();
        String gid = story.play(stage);
        String status = stage.awaitEnd(gid);
        double took = seconds(began);
        List<Long> after = balances();
        check(story, status, before, after);
        story.checkAfterwards(stage);

        screen.story(timeline);
        screen.good("  outcome     %s, as it should be, after %.2f s".formatted(status, took));
        screen.balances(banks.stream().map(Bank::name).toList(), before, after);
    }

    private void check(Story story, String status, List<Long> before, List<Long> after)
            throws SQLException {
        Stage.check(status.equals(story.promise().status()),
                "the transaction is " + story.promise().status() + ", but it is " + status);
        for (int i = 0; i < banks.size(); i++) {
            Bank bank = banks.get(i);
            long expected = before.get(i) + story.promise().changes().get(i);
            Stage.check(after.get(i) == expected, "%s has %s, but it has %s".formatted(
                    bank.name(), Money.text(expected), Money.text(after.get(i))));
            Stage.check(bank.books().held() == 0 && bank.books().inDoubt() == 0,
                    bank.name() + " has nothing held aside or in doubt at the end");
        }
        Stage.check(Screen.sum(after) == banks.size() * START_CENTS, "the total is unchanged");
    }

    private List<Long> balances() throws SQLException {
        List<Long> cents = new ArrayList<>();
        for (Bank bank : banks) {
            cents.add(bank.books().balance());
        }
        return cents;
    }

    private static double seconds(long sinceNanos) {
        return (System.nanoTime() - sinceNanos) / 1e9;
    }

    private static void delete(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                    throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException thrown)
                    throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
