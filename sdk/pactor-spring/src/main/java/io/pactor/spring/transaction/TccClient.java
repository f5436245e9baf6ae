package io.pactor.spring.transaction;

import io.pactor.client.CallRecorder;
import io.pactor.client.PayloadCodec;
import io.pactor.client.Recorded;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.util.ClassUtils;

/** Makes branches of the {@link Tcc} methods of a client. */
final class TccClient implements MethodInterceptor {

    private final Object client;
    private final Map<Method, Branch> branches = new HashMap<>();
    private final Supplier<PayloadCodec> codec;

    /** The methods that end a branch. */
    private record Branch(Method confirm, Method cancel) {}

    /** @throws GlobalTransactionException if a method of these interfaces cannot be a branch */
    TccClient(String bean, Object client, Class<?>[] interfaces, Supplier<PayloadCodec> codec) {
        this.client = client;
        this.codec = codec;
        for (Class<?> each : interfaces) {
            for (Method method : each.getMethods()) {
                Tcc tcc = method.getAnnotation(Tcc.class);
                if (tcc != null) {
                    branches.put(method, branch("bean '" + bean + "', " + method, each, method,
                        tcc));
                }
            }
        }
    }

    boolean hasBranches() {
        return !branches.isEmpty();
    }

    private static Branch branch(String named, Class<?> type, Method method, Tcc tcc) {
        Class<?> result = method.getReturnType();
        if (result.isPrimitive() && result != void.class
                || !(method.getGenericReturnType() instanceof Class<?>)) {
            throw new GlobalTransactionException(
                named + " returns " + method.getGenericReturnType().getTypeName()
                    + ", which cannot be read from the answer of a try",
                "Return nothing, a String, or a class without type parameters.");
        }
        return new Branch(ending(named, type, method, "confirm", tcc.confirm()),
            ending(named, type, method, "cancel", tcc.cancel()));
    }

    private static Method ending(String named, Class<?> type, Method method, String role,
            String name) {
        Method ending =
            ClassUtils.getMethodIfAvailable(type, name, method.getParameterTypes());
        if (ending == null || ending.getReturnType().isPrimitive()
                && ending.getReturnType() != void.class) {
            throw new GlobalTransactionException(
                named + ": " + type.getName() + " has no method " + name + "("
                    + String.join(", ", Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName).toList()) + ") to " + role,
                "Name one with the same parameters, which returns nothing or an object.");
        }
        return ending;
    }

    @Override
    public Object invoke(MethodInvocation invocation) throws Throwable {
        Method method = invocation.getMethod();
        Branch branch = branches.get(method);
        if (branch == null || CallRecorder.isRecording()) {
            return AopUtils.invokeJoinpointUsingReflection(client, method,
                invocation.getArguments());
        }
        OpenTransaction open = OpenTransaction.current().orElseThrow(
            () -> new IllegalStateException(method + " is the try of a branch and was called"
                + " outside of a global transaction: call it within a method with"
                + " @GlobalTransaction, on its thread, through its bean"));
        Object[] arguments = invocation.getArguments();
        String answer = open.branches().branch(recorded(method, arguments),
            recorded(branch.confirm(), arguments), recorded(branch.cancel(), arguments));
        return read(answer, method.getReturnType());
    }

    private Object read(String answer, Class<?> type) {
        if (type == void.class || type == Void.class) {
            return null;
        }
        return type == String.class ? answer : codec.get().decode(answer, type);
    }

    private Recorded recorded(Method method, Object[] arguments) {
        return () -> {
            try {
                AopUtils.invokeJoinpointUsingReflection(client, method, arguments);
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        };
    }
}
