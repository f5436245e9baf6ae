package store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk under H2 ({@code cut:...}) that shows what is found on it if all ends in the middle of
 * some write.
 */
public final class CutDisk extends FilePathWrapper {

    private static final int SECTOR = 512;

    private static final Map<String, Cut> CUTS = new ConcurrentHashMap<>();

    /** What ends: the process, or the power. */
    enum End {
        /** What was written before is there, and a part of the last write from its beginning. */
        KILL,
        /** What was forced is there, and of all that was written since any sectors. */
        POWER_CUT
    }

    /** Comes at the {@code write}th write to a file. */
    static final class Cut {

        private final End end;
        private final SplittableRandom random;
        private final Runnable before;
        private final AtomicReference<byte[]> image = new AtomicReference<>();
        private int left;

        /** @param before is run just before, so that it sees no more than the disk */
        Cut(End end, int write, SplittableRandom random, Runnable before) {
            this.end = end;
            this.left = write;
            this.random = random;
            this.before = before;
        }

        /** What is on the disk afterwards; null before. */
        byte[] image() {
            return image.get();
        }
    }

    @Override
    public String getScheme() {
        return "cut";
    }

    /** The next to open {@code file} has such a disk under it. */
    static void arm(String file, Cut cut) {
        CUTS.put(file, cut);
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        Cut cut = CUTS.remove(getBase().toString());
        FileChannel base = super.open(mode);
        return cut == null ? base : new Disk(base, cut);
    }

    /** @param after null if the file was cut short at {@code at} */
    private record Change(long at, byte[] before, byte[] after) {}

    private static final class Disk extends FileBaseDefault {

        private final FileChannel base;
        private final Cut cut;
        private final List<Change> unforced = new ArrayList<>();

        Disk(FileChannel base, Cut cut) {
            this.base = base;
            this.cut = cut;
        }

        @Override
        public synchronized int read(ByteBuffer into, long at) throws IOException {
            return base.read(into, at);
        }

        @Override
        public synchronized int write(ByteBuffer from, long at) throws IOException {
            byte[] after = new byte[from.remaining()];
            from.duplicate().get(after);
            unforced.add(new Change(at, content(at, after.length), after));
            if (--cut.left == 0) {
                cut.before.run();
                cut.image.set(cut.end == End.KILL ? killed(at, after) : powerCut());
            }
            return base.write(from, at);
        }

        @Override
        public synchronized void force(boolean metaData) throws IOException {
            unforced.clear();
        }

        @Override
        protected synchronized void implTruncate(long size) throws IOException {
            if (size < base.size()) {
                unforced.add(new Change(size, content(size, (int) (base.size() - size)), null));
                base.truncate(size);
            }
        }

        @Override
        public synchronized long size() throws IOException {
            return base.size();
        }

        @Override
        public FileLock tryLock(long from, long size, boolean shared) throws IOException {
            return base.tryLock(from, size, shared);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            base.close();
        }

        private byte[] killed(long at, byte[] last) throws IOException {
            int part = cut.random.nextInt(last.length + 1);
            return with(content(0, (int) base.size()), at, Arrays.copyOf(last, part));
        }

        private byte[] powerCut() throws IOException {
            byte[] image = content(0, (int) base.size());
            for (int i = unforced.size() - 1; i >= 0; i--) {
                Change change = unforced.get(i);
                image = with(image, change.at(), change.before());
                if (change.after() != null && change.before().length < change.after().length) {
                    image = Arrays.copyOf(image, (int) Math.min(image.length,
                        change.at() + change.before().length));
                }
            }
            int kept = cut.random.nextInt(0, 101);
            for (Change change : unforced) {
                image = survivors(image, change, kept);
            }
            return image;
        }

        private byte[] survivors(byte[] image, Change change, int kept) {
            if (change.after() == null) {
                return cut.random.nextInt(100) < kept
                    ? Arrays.copyOf(image, (int) Math.min(image.length, change.at())) : image;
            }
            byte[] now = image;
            for (int from = 0; from < change.after().length; from += SECTOR) {
                if (cut.random.nextInt(100) < kept) {
                    int to = Math.min(from + SECTOR, change.after().length);
                    now = with(now, change.at() + from,
                        Arrays.copyOfRange(change.after(), from, to));
                }
            }
            return now;
        }

        private static byte[] with(byte[] image, long at, byte[] bytes) {
            int end = (int) at + bytes.length;
            byte[] now = end > image.length ? Arrays.copyOf(image, end) : image;
            System.arraycopy(bytes, 0, now, (int) at, bytes.length);
            return now;
        }

        /** Less than asked for at the end of the file. */
        private byte[] content(long at, int length) throws IOException {
            int there = (int) Math.max(0, Math.min(length, base.size() - at));
            ByteBuffer content = ByteBuffer.allocate(there);
            int read = 0;
            while (content.hasRemaining() && read >= 0) {
                read = base.read(content, at + content.position());
            }
            return content.array();
        }
    }
}
