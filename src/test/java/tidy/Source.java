package tidy;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * One source file, as the compiler reads it.
 *
 * @param path where it is, from the root of the project
 * @param lines its lines
 * @param code its text without comments and without what stands in quotes
 * @param types the types in it, nested ones included
 * @param methods the methods and constructors in it
 */
record Source(Path path, List<String> lines, String code, List<Type> types, List<Method> methods) {

    /** @param comment its Javadoc; empty if it has none */
    record Type(String name, boolean isPublic, boolean isNested, String comment) {}

    record Method(String name, long firstLine, long lastLine) {

        long length() {
            return lastLine - firstLine + 1;
        }
    }

    /** All Java files below {@code root}; none if there is no such folder. */
    static List<Source> below(Path root) {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (Stream<Path> files = Files.walk(root);
                StandardJavaFileManager manager =
                    compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<Path> java = files.filter(file -> file.toString().endsWith(".java")).sorted()
                .toList();
            JavacTask task = (JavacTask) compiler.getTask(null, manager, diagnostic -> { },
                List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(java));
            List<Source> sources = new ArrayList<>();
            for (CompilationUnitTree unit : task.parse()) {
                sources.add(read(unit, DocTrees.instance(task)));
            }
            return sources;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Source read(CompilationUnitTree unit, DocTrees trees) throws IOException {
        Path path = Path.of(unit.getSourceFile().toUri());
        String text = Files.readString(path);
        Visitor visitor = new Visitor(unit, trees);
        visitor.scan(unit, null);
        return new Source(Path.of("").toAbsolutePath().relativize(path), text.lines().toList(),
            withoutWords(text), visitor.types, visitor.methods);
    }

    /** Comments, strings and text blocks cut out, line breaks kept. */
    private static String withoutWords(String text) {
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            int end = endOfWords(text, i);
            if (end > i) {
                text.substring(i, end).chars().filter(c -> c == '\n')
                    .forEach(c -> code.append('\n'));
                i = end - 1;
            } else {
                code.append(text.charAt(i));
            }
        }
        return code.toString();
    }

    /** Where the comment or the literal that starts at {@code at} ends; {@code at} if none does. */
    private static int endOfWords(String text, int at) {
        if (text.startsWith("//", at)) {
            return indexAfter(text, "\n", at) - 1;
        }
        if (text.startsWith("/*", at)) {
            return indexAfter(text, "*/", at + 2);
        }
        if (text.startsWith("\"\"\"", at)) {
            return indexAfter(text, "\"\"\"", at + 3);
        }
        char quote = text.charAt(at);
        if (quote != '"' && quote != '\'') {
            return at;
        }
        int end = at + 1;
        while (text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        return end + 1;
    }

    private static int indexAfter(String text, String mark, int from) {
        int found = text.indexOf(mark, from);
        return found < 0 ? text.length() : found + mark.length();
    }

    boolean isBelow(String folder) {
        return path.startsWith(Path.of(folder));
    }

    @Override
    public String toString() {
        return path.toString();
    }

    private static final class Visitor extends TreePathScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final DocTrees trees;
        private final List<Type> types = new ArrayList<>();
        private final List<Method> methods = new ArrayList<>();
        private int depth;

        Visitor(CompilationUnitTree unit, DocTrees trees) {
            this.unit = unit;
            this.trees = trees;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            String comment = trees.getDocComment(getCurrentPath());
            types.add(new Type(type.getSimpleName().toString(),
                type.getModifiers().getFlags().contains(Modifier.PUBLIC), depth > 0,
                comment == null ? "" : comment.strip()));
            depth++;
            super.visitClass(type, none);
            depth--;
            return null;
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            long start = trees.getSourcePositions().getStartPosition(unit, method);
            long end = trees.getSourcePositions().getEndPosition(unit, method);
            if (start >= 0 && end >= 0) {
                methods.add(new Method(method.getName().toString(),
                    unit.getLineMap().getLineNumber(start), unit.getLineMap().getLineNumber(end)));
            }
            return super.visitMethod(method, none);
        }
    }
}
