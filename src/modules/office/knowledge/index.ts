// The door of the knowledge base within the office: what the module lists, and nothing else.
import {
  articleRegister,
  articleVersionRegister,
  changeArticle,
  createArticle,
  publishArticle,
  retireArticle,
  confirmArticle,
  suggestArticles,
} from "./article.operations.ts";

export const knowledgeRegisters = [articleRegister, articleVersionRegister];

export const knowledgeOperations = [createArticle, changeArticle, publishArticle, retireArticle, suggestArticles, confirmArticle];
