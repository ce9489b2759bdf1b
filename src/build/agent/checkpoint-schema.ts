/** Where LangGraph's tables lie: made at start by LangGraph itself, pruned by `retention`. */
export const CHECKPOINT_SCHEMA = 'langgraph';
