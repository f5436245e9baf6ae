package io.pactor.spring.message;

import io.pactor.client.Message;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.Passage;
import io.pactor.spring.participant.Barriers;
import io.pactor.spring.participant.SavepointAware;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Sends two-phase messages with the caller's own transaction: they are delivered if, and only if,
 * it commits. An outbox without a table of messages and without a relay.
 *
 * <pre>{@code
 * @Transactional
 * public void pay(Payment payment) {
 *     accounts.debit(payment);
 *     messages.send(pactor.message("pay-" + payment.id()).to(() -> ledger.credit(payment)));
 * }
 * }</pre>
 *
 * <p>The message is prepared with the coordinator at once, a row of the barrier is written in the
 * transaction, and after the commit the message is submitted. If the application dies in between,
 * the coordinator asks it, or another instance of it, whether that row is there.
 */
public final class TransactionalMessages {

    private static final Log LOG = LogFactory.getLog(TransactionalMessages.class);

    private final Map<String, DataSource> dataSources;
    private final Barriers barriers;
    private final String checkBackUrl;

    /**
     * @param dataSources  whose transactions may send, by the names of their beans
     * @param checkBackUrl where the coordinator asks; the name of the data source is appended.
     *                     Empty if the application has not said where it is reached
     */
    public TransactionalMessages(Map<String, DataSource> dataSources, Barriers barriers,
            String checkBackUrl) {
        this.dataSources = Map.copyOf(dataSources);
        this.barriers = barriers;
        this.checkBackUrl = checkBackUrl;
    }

    /**
     * Prepares {@code message}, and submits it when the transaction of this thread has committed.
     * Blocks for the one and for the other, each at most for the client's timeout. After the commit
     * nothing is thrown: what cannot be submitted then is delivered after the coordinator has
     * asked.
     *
     * @throws IllegalTransactionStateException            without a transaction that writes, or if
     *                                                     it is not clear in which database
     * @throws IllegalStateException                       if {@code pactor.participant.base-url} is
     *                                                     not set, or a message with this gid was
     *                                                     sent by a transaction that has committed
     * @throws io.pactor.client.RejectedException          if the coordinator refuses it
     * @throws io.pactor.client.UnavailableException       if no coordinator can be reached; let the
     *                                                     transaction roll back
     * @throws io.pactor.client.participant.Refused        if the coordinator has asked before, and
     *                                                     was told that it would not commit
     */
    public void send(Message message) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || TransactionSynchronizationManager.isCurrentTransactionReadOnly()) {
            throw new IllegalTransactionStateException(
                "message " + message.gid() + " needs a transaction that writes");
        }
        if (checkBackUrl.isEmpty()) {
            throw new IllegalStateException("message " + message.gid()
                + ": set pactor.participant.base-url, so that the coordinator can ask back");
        }
        String name = boundName(message.gid());
        message.checkBackAt(checkBackUrl + "/" + CheckBackHandler.encoded(name));
        message.prepare();
        enter(message.gid(), dataSources.get(name));
        TransactionSynchronizationManager.registerSynchronization(new SubmitAfterCommit(message));
    }

    /** The one data source whose connection this thread's transaction has. */
    private String boundName(String gid) {
        List<String> bound = dataSources.keySet().stream()
            .filter(name -> barriers.of(dataSources.get(name)).isBound()).sorted().toList();
        // A proxy and what is behind it are one.
        if (bound.stream().map(name -> barriers.of(dataSources.get(name))).distinct().count()
                != 1) {
            throw new IllegalTransactionStateException("message " + gid
                + ": the transaction must have the connection of one data source, and has "
                + (bound.isEmpty() ? "none" : bound));
        }
        return bound.get(0);
    }

    private void enter(String gid, DataSource bound) {
        BranchCall call = BranchCall.message(gid);
        Passage passage = barriers.of(bound).enter(call);
        if (passage instanceof Passage.UndoneBefore late) {
            throw late.refusal(call);
        }
        if (!passage.isOpen()) {
            throw new IllegalStateException(
                "message " + gid + " was sent before, by a transaction that has committed");
        }
    }

    private static final class SubmitAfterCommit extends SavepointAware {

        private final Message message;

        SubmitAfterCommit(Message message) {
            this.message = message;
        }

        @Override
        public void afterCommit() {
            if (isUndone()) {
                return;
            }
            try {
                message.submit();
            } catch (RuntimeException e) {
                LOG.warn("Message " + message.gid() + " is committed and could not be submitted;"
                    + " it is delivered after the coordinator has asked for it", e);
            }
        }
    }
}
