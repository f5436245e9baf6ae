package bench;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One run: warm-up, window, drain. The calling thread keeps the clock and writes the progress
 * lines; it is blocked for as long as the run takes.
 */
final class BenchRun implements AutoCloseable {

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LOOK_MILLIS = 100;
    private static final double NANOS = 1e9;

    private final BenchPlan plan;
    private final PrintWriter progress;
    private final Supplier<Optional<Duration>> coordinatorCpu;
    private final MultiThreadIoEventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("bench-load", true),
                    NioIoHandler.newFactory());
    private final EventLoop loop = group.next();
    private final CallNotes notes;
    private final Participants participants;
    private final Load load;
    /** Never opened: only waited at, with a time limit. */
    private final CountDownLatch pause = new CountDownLatch(1);
    private long progressAtNanos;
    private long progressSinceNanos;

    /**
     * @param progress where the progress lines go
     * @param coordinatorCpu the processor time of the coordinator so far, if it can be known
     * @throws IllegalStateException if the participants cannot listen or the coordinator's host has
     *     no address
     */
    BenchRun(BenchPlan plan, PrintWriter progress, Supplier<Optional<Duration>> coordinatorCpu) {
        this.plan = plan;
        this.progress = progress;
        this.coordinatorCpu = coordinatorCpu;
        GidSequence gids = new GidSequence(ThreadLocalRandom.current().nextInt());
        SlotBoard board = new SlotBoard(plan.backlog(), plan.workload().expectedActs());
        InetSocketAddress coordinator = address(plan.coordinator());
        InetSocketAddress grpc =
                plan.isGrpc() ? address(URI.create("grpc://" + plan.grpcAddress())) : null;
        this.notes = new CallNotes(gids, board, (slot, number, atNanos) -> {
            if (!plan.waitResult()) {
                loop.execute(() -> loadNow().lastCall(slot, number, atNanos));
            }
        });
        this.participants = participants();
        String here = plan.participantHost() + ":" + participants.port();
        URI called = URI.create("http://" + here);
        this.load = new Load(plan, loop, board, new Load.Sites(coordinator, plan.tls(), grpc,
                address(called), plan.isGrpc() ? here : called.toString(), gids.text(0, 0)));
    }

    private Participants participants() {
        try {
            return new Participants(plan.participantHost(),
                    plan.isGrpc() ? GrpcCalls.noting(notes) : HttpCalls.noting(notes));
        } catch (IllegalStateException e) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    /** The load, which is there before the first branch call is. */
    private Load loadNow() {
        return load;
    }

    private static InetSocketAddress address(URI url) {
        int usual = "https".equals(url.getScheme()) ? 443 : 80;
        int port = url.getPort() < 0 ? usual : url.getPort();
        try {
            return new InetSocketAddress(InetAddress.getByName(url.getHost()), port);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("No address is known for " + url.getHost());
        }
    }

    /**
     * Runs the plan.
     *
     * @throws InterruptedException if the thread is interrupted; the run is then given up
     */
    Figures go() throws InterruptedException {
        onLoop(() -> {
            load.start();
            return null;
        });
        progressSinceNanos = System.nanoTime();
        progressAtNanos = progressSinceNanos + PROGRESS_NANOS;
        await("warm-up", plan.times().warmup(), () -> false);
        if (!plan.times().warmup().isZero() && onLoop(() -> load.tally().finishedEver()) == 0) {
            progress.println("Nothing was finished in the warm-up; the window is left out.");
            return figures(0, 0, new Figures.Cpu(0, Double.NaN, cores()));
        }
        Cpu before = cpu();
        onLoop(() -> {
            load.tally().openWindow(System.nanoTime());
            return null;
        });
        await("window", plan.times().window(), () -> false);
        long unfinished = onLoop(() -> {
            load.tally().closeWindow(System.nanoTime());
            load.stop();
            return load.unfinished();
        });
        Figures.Cpu used = cpu().since(before);
        long closedAt = System.nanoTime();
        await("drain", plan.times().drain(), () -> onLoopUnchecked(load::isDrained));
        return figures(unfinished, (System.nanoTime() - closedAt) / NANOS, used);
    }

    private Figures figures(long unfinished, double drainSeconds, Figures.Cpu cpu)
            throws InterruptedException {
        return onLoop(() -> {
            load.end();
            Tally tally = load.tally();
            return new Figures(tally.windowNanos() / NANOS, tally.end(), tally.ack(),
                    tally.offer(),
                    new Figures.Counts(load.started(), tally.finishedEver(), unfinished,
                            drainSeconds, notes.calls(), notes.repeated(), notes.stale()),
                    new Figures.Looked(tally.askedStates(), tally.confirmedStates(),
                            tally.confirmed()),
                    tally.errors(), cpu);
        });
    }

    /** Waits for {@code time} or until {@code done}, and tells how it goes. */
    private void await(String phase, Duration time, BooleanSupplier done)
            throws InterruptedException {
        long until = System.nanoTime() + time.toNanos();
        while (until - System.nanoTime() > 0 && !done.getAsBoolean()) {
            long left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime()) + 1;
            pause.await(Math.min(left, LOOK_MILLIS), TimeUnit.MILLISECONDS);
            if (System.nanoTime() - progressAtNanos >= 0) {
                tell(phase);
            }
        }
    }

    private void tell(String phase) throws InterruptedException {
        Tally.Lately lately = onLoop(() -> load.tally().lately());
        int unfinished = onLoop(load::unfinished);
        long now = System.nanoTime();
        double seconds = (now - progressSinceNanos) / NANOS;
        progressSinceNanos = now;
        progressAtNanos = now + PROGRESS_NANOS;
        progress.println(String.format(Locale.ROOT,
                "%-7s  %,9.1f finished/s  p99 %,.1f ms  %,d unfinished  so far %,d finished, "
                        + "%,d errors", phase, lately.finished() / seconds, lately.p99Millis(),
                unfinished, lately.finishedEver(), lately.errorsEver()));
        progress.flush();
    }

    private <T> T onLoop(Callable<T> work) throws InterruptedException {
        try {
            return loop.submit(work).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private boolean onLoopUnchecked(Callable<Boolean> question) {
        try {
            return onLoop(question);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
    }

    private Cpu cpu() {
        long tool = ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean here
                ? here.getProcessCpuTime() : 0;
        return new Cpu(System.nanoTime(), tool, coordinatorCpu.get());
    }

    /** Processor time used up to a moment. */
    private record Cpu(long atNanos, long toolNanos, Optional<Duration> coordinator) {

        Figures.Cpu since(Cpu before) {
            double nanos = atNanos - before.atNanos;
            double theirs = coordinator.isPresent() && before.coordinator.isPresent()
                    ? coordinator.get().minus(before.coordinator.get()).toNanos() / nanos
                    : Double.NaN;
            return new Figures.Cpu((toolNanos - before.toolNanos) / nanos, theirs, cores());
        }
    }

    @Override
    public void close() {
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
        participants.close();
    }
}
