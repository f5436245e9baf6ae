package bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code pactor bench}: how many transactions per second a coordinator brings to their end.
 *
 * <p>Exit codes: 0 if something was finished and nothing failed, 1 otherwise, 2 for a mistake on
 * the command line.
 */
@Command(name = "bench", description = {
    "Drives a coordinator that speaks DTM's protocol, over HTTP or gRPC, and counts what came to "
        + "its end.",
    "It brings its own participants. Progress goes to standard error, the figures to standard "
        + "output."})
public final class BenchCommand implements Callable<Integer> {

    private static final Duration SERVING_WITHIN = Duration.ofSeconds(30);
    private static final long LOOK_MILLIS = 200;
    private static final String UNTOLD = "unknown (not told by the coordinator)";

    private final OwnCoordinator own;

    @Mixin
    private BenchOptions options;

    @Spec
    private CommandSpec spec;

    /** @param own starts a coordinator when none is named */
    public BenchCommand(OwnCoordinator own) {
        this.own = own;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try {
            options.check();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        try {
            return options.url != null ? driveGiven() : driveOwn();
        } catch (IllegalStateException e) {
            err().println(e.getMessage());
            err().flush();
            return 1;
        }
    }

    private int driveGiven() throws IOException, InterruptedException {
        return drive(options.plan(options.url,
                Objects.requireNonNullElse(options.grpcAddress, "")), "", "", Optional::empty);
    }

    private int driveOwn() throws IOException, InterruptedException {
        boolean temporary = options.dataDir == null;
        Path dataDir = temporary ? Files.createTempDirectory("pactor-bench")
                : Files.createDirectories(options.dataDir);
        try (OwnCoordinator.Started started = own.start(dataDir)) {
            String store = dataDir + " on " + fileSystem(dataDir);
            BenchPlan plan = options.plan(
                    URI.create(started.baseUrl()), started.grpcAddress().orElse(""));
            return drive(plan, started.durability(), store, started::cpu);
        } finally {
            if (temporary) {
                remove(dataDir);
            }
        }
    }

    private int drive(BenchPlan plan, String durability, String store,
            Supplier<Optional<Duration>> coordinatorCpu) throws IOException, InterruptedException {
        CoordinatorFacts facts = facts(plan);
        String told = Stream.of(facts.durability(), durability, UNTOLD)
                .filter(text -> !text.isEmpty()).findFirst().orElse(UNTOLD);
        Figures figures;
        try (BenchRun run = new BenchRun(plan, err(), coordinatorCpu)) {
            figures = run.go();
        }
        BenchReport report = new BenchReport(plan, figures,
                new BenchReport.About(facts.version(), told, store));
        report.print(spec.commandLine().getOut());
        if (options.json != null) {
            report.write(options.json);
        }
        return figures.isClean() ? 0 : 1;
    }

    /** What the coordinator tells of itself, once it serves. */
    private CoordinatorFacts facts(BenchPlan plan) throws InterruptedException {
        long until = System.nanoTime() + SERVING_WITHIN.toNanos();
        CountDownLatch pause = new CountDownLatch(1);
        while (true) {
            try {
                CoordinatorFacts facts = CoordinatorFacts.ask(plan);
                if (facts.serving()) {
                    return facts;
                }
            } catch (IOException e) {
                throw new IllegalStateException(
                        "Nobody answers at " + plan.coordinator() + ": " + e.getMessage());
            }
            if (System.nanoTime() - until > 0) {
                throw new IllegalStateException(plan.root() + "/api/health still says that the "
                        + "coordinator does not serve yet");
            }
            pause.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** The kind of file system, since forcing bytes to a disk is free where there is none. */
    private static String fileSystem(Path directory) throws IOException {
        String type = Files.getFileStore(directory).type();
        return type.equals("tmpfs") || type.equals("ramfs") ? type + " (memory, no disk)" : type;
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
