/** Whether the parts of a node live: failures, signs of life, and what the node says of itself. */
package health;
