import { graphql } from "relay-runtime";

export const rows = graphql`
  fragment inbox_rows on Query @refetchable(queryName: "inboxRowsQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "Cursor" }) {
    conversations(first: $count, after: $cursor) @connection(key: "inbox_conversations") {
      edges {
        node {
          id
          ...inbox_conversation
        }
      }
    }
  }
`;

export const conversation = graphql`
  fragment inbox_conversation on Conversation @refetchable(queryName: "inboxConversationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "Cursor" }) {
    subject
    assignee {
      name
    }
    history(first: $count, after: $cursor) @connection(key: "inbox_conversation_history") {
      edges {
        node {
          kind
          at
        }
      }
    }
  }
`;

export const live = graphql`
  subscription inboxLiveSubscription($after: Cursor) {
    assignmentEvents(after: $after) {
      cursor
      gap
      node {
        conversation {
          id
          ...inbox_conversation
        }
      }
    }
  }
`;
